"""Texts that would run as script in a page that took them for markup; each leaves a trace if it does."""

_TRACE = "window.__ran=1"
_BODIES = (
    f"<script>{_TRACE}</script>",
    f"<img src=x onerror={_TRACE}>",
    f"<svg onload={_TRACE}></svg>",
    f"<svg><script>{_TRACE}</script></svg>",
    f"<iframe srcdoc='<script>parent.{_TRACE}</script>'></iframe>",
    f"<iframe src='javascript:parent.{_TRACE}'></iframe>",
    f"<details open ontoggle={_TRACE}>x</details>",
    f"<video><source onerror={_TRACE}></video>",
    f"<audio src=x onerror={_TRACE}></audio>",
    f"<input autofocus onfocus={_TRACE}>",
    f"<body onload={_TRACE}>",
    f"<a href='javascript:{_TRACE}' autofocus onfocus={_TRACE}>x</a>",
    f"<object data='javascript:{_TRACE}'></object>",
    f"<embed src='javascript:{_TRACE}'>",
    f"<form action='javascript:{_TRACE}'><button autofocus onfocus={_TRACE}></form>",
    f"<math><mtext><img src=x onerror={_TRACE}></mtext></math>",
    f"<style>@import 'javascript:{_TRACE}';</style>",
    "<base href='http://evil.example/'>",
    f"<meta http-equiv=refresh content='0;url=javascript:{_TRACE}'>",
    f"x onmouseover={_TRACE} autofocus onfocus={_TRACE} y",
    f"{{{{ cycler.__init__.__globals__ }}}}{{% set x = 1 %}}<b onclick={_TRACE}>",
)
_BREAKS = ("", '">', "'>", "</textarea>", "</title>", "-->")

PAYLOADS = tuple(f"{start}{body}" for body in _BODIES for start in _BREAKS)
"""More than a hundred."""
