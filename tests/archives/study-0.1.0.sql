BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE codings (
	number INTEGER NOT NULL, 
	participant TEXT NOT NULL, 
	code TEXT NOT NULL, 
	coder TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	direction TEXT NOT NULL, 
	transcript TEXT NOT NULL, 
	start_char BIGINT NOT NULL, 
	end_char BIGINT NOT NULL, 
	memo TEXT NOT NULL, 
	quote_sha256 TEXT NOT NULL, 
	batch TEXT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(participant) REFERENCES participants (participant)
);
INSERT INTO "codings" VALUES(1,'A1','hours','anna','blind','supports','A1',45,113,'two mornings','f713e54e819842371177645fcb1f33458e7424d147c784568c580e521126b19c','anna.csv:1');
INSERT INTO "codings" VALUES(2,'A1','wages','anna','blind','counters','A1',146,203,'','1186ea0b0ec7b182a34a73d5077e95457eb6c6dfe61caef8c767fcaf9b8f862a','anna.csv:1');
INSERT INTO "codings" VALUES(3,'A2','hours','anna','blind','supports','A2',45,113,'','f713e54e819842371177645fcb1f33458e7424d147c784568c580e521126b19c','anna.csv:1');
INSERT INTO "codings" VALUES(4,'A2','wages','anna','blind','supports','A2',128,140,'','f7b34488520fe0255a33585830eb5763e7dfcb6888e306ecfcfea7cb9baa9c53','anna.csv:1');
INSERT INTO "codings" VALUES(5,'A1','hours','ben','blind','supports','A1',45,113,'','f713e54e819842371177645fcb1f33458e7424d147c784568c580e521126b19c','ben.csv:1');
INSERT INTO "codings" VALUES(6,'A1','wages','ben','blind','supports','A1',146,203,'','1186ea0b0ec7b182a34a73d5077e95457eb6c6dfe61caef8c767fcaf9b8f862a','ben.csv:1');
CREATE TABLE decisions (
	seq INTEGER NOT NULL, 
	uid TEXT NOT NULL, 
	coder TEXT NOT NULL, 
	segment TEXT NOT NULL, 
	code TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	reply_to TEXT NOT NULL, 
	memo TEXT NOT NULL, 
	shown TEXT NOT NULL, 
	at_us BIGINT NOT NULL, 
	batch TEXT NOT NULL, 
	prev_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	start_char BIGINT DEFAULT '-1' NOT NULL, 
	end_char BIGINT DEFAULT '-1' NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (uid), 
	FOREIGN KEY(segment) REFERENCES segments (segment)
);
INSERT INTO "decisions" VALUES(1,'d1','ben','B1:45-113','hours','accept','','as in A1','{"arm": "assisted", "model": "m@1"}',1700000000000001,'page:1','0000000000000000000000000000000000000000000000000000000000000000','0796d016f425adbc5a3ee7b95c3588248e31b878f7296955c8ecd2652bb18e84',-1,-1);
INSERT INTO "decisions" VALUES(2,'d2','ben','B1:45-113','wages','reject','','','{"arm": "assisted", "model": "m@1"}',1700000000000002,'page:1','0796d016f425adbc5a3ee7b95c3588248e31b878f7296955c8ecd2652bb18e84','d0688e2f62f651005f36c4e3ace33478cef2190261c2d9fc9e03fa74528150a0',-1,-1);
INSERT INTO "decisions" VALUES(3,'d3','ben','B1:146-203','wages','unsure','','','{"arm": "assisted", "model": "m@1"}',1700000000000004,'page:1','d0688e2f62f651005f36c4e3ace33478cef2190261c2d9fc9e03fa74528150a0','538c576edba0511112f94f1935319eeef2d0451e64803bdeb3098bbb850e8eec',-1,-1);
INSERT INTO "decisions" VALUES(4,'d4','ben','B1:146-203','hours','add','','','{"arm": "assisted", "model": "m@1"}',1700000000000005,'page:1','538c576edba0511112f94f1935319eeef2d0451e64803bdeb3098bbb850e8eec','3e927b22122956a1f63c69d3c07ca523171dc1085613839f14488f550f882ae8',-1,-1);
INSERT INTO "decisions" VALUES(5,'d5','ben','B1:146-203','hours','retract','d4','','{}',1700000000000006,'page:1','3e927b22122956a1f63c69d3c07ca523171dc1085613839f14488f550f882ae8','a624f7f1db177fc1d51d775661fb3b119ed1b297996b9f7ce1e417c09de26784',-1,-1);
INSERT INTO "decisions" VALUES(6,'d6','anna','B1:146-203','wages','add','','','{"arm": "blind"}',1700000000000007,'page:2','a624f7f1db177fc1d51d775661fb3b119ed1b297996b9f7ce1e417c09de26784','986857e6dd7fb317b0a736fb56c074d4cb575a222d60d53e4a06c03e8809595a',-1,-1);
INSERT INTO "decisions" VALUES(7,'d7','anna','A2:45-113','hours','reject','','','{}',1700000000000009,'sheet:1','986857e6dd7fb317b0a736fb56c074d4cb575a222d60d53e4a06c03e8809595a','015487856092c55ba2a6419d65397646deea6c11e4eba6237b13267027ffac5a',-1,-1);
INSERT INTO "decisions" VALUES(8,'d8','agreed','A1:45-113','hours','add','','','{"arm": "settled", "by": "settle"}',1700000000000010,'settle:1','015487856092c55ba2a6419d65397646deea6c11e4eba6237b13267027ffac5a','287e07877c6050d29a2692bd868a9c52c062749101cf03224e9dce85ee1c6795',-1,-1);
INSERT INTO "decisions" VALUES(9,'d9','agreed','A1:146-203','wages','reject','','','{"arm": "settled", "by": "settle"}',1700000000000011,'settle:1','287e07877c6050d29a2692bd868a9c52c062749101cf03224e9dce85ee1c6795','f0658a26add09da712ee9dd88649c2e78c4ab50f18dc7f2735ef9e68458ff1b3',-1,-1);
CREATE TABLE facts (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "facts" VALUES('study_id','ca76da2f70b94a99bfc4f7432b1d8a6b');
CREATE TABLE marks (
	seq INTEGER NOT NULL, 
	uid TEXT NOT NULL, 
	coder TEXT NOT NULL, 
	segment TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	code TEXT NOT NULL, 
	reply_to TEXT NOT NULL, 
	memo TEXT NOT NULL, 
	shown TEXT NOT NULL, 
	at_us BIGINT NOT NULL, 
	prev_hash TEXT DEFAULT '' NOT NULL, 
	hash TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (uid), 
	FOREIGN KEY(segment) REFERENCES segments (segment)
);
INSERT INTO "marks" VALUES(1,'m1','ben','B1:45-113','finish','','','','{"arm": "assisted", "model": "m@1"}',1700000000000003,'0000000000000000000000000000000000000000000000000000000000000000','be216b719f01b2218021e976f2c5a4e0b2a09501185211c7b79a2696b9fb9ac7');
INSERT INTO "marks" VALUES(2,'m2','ben','B1:146-203','flag','','','','{}',1700000000000006,'be216b719f01b2218021e976f2c5a4e0b2a09501185211c7b79a2696b9fb9ac7','bbcd7ca10a75d95b8002b535197111046359b675e63029268fe4ffb4acf00c35');
INSERT INTO "marks" VALUES(3,'m3','ben','B1:146-203','memo','wages','','ask again','{}',1700000000000006,'bbcd7ca10a75d95b8002b535197111046359b675e63029268fe4ffb4acf00c35','3585df46af539c8435a68f605e18480a97739aa05a99797ad76b17afc8b2919e');
INSERT INTO "marks" VALUES(4,'m4','anna','B1:146-203','finish','','','','{"arm": "blind"}',1700000000000008,'3585df46af539c8435a68f605e18480a97739aa05a99797ad76b17afc8b2919e','f5e99a2ac5088463f95b6e5f78d33e1897831e1fe9048045dd745b19f8d783fe');
INSERT INTO "marks" VALUES(5,'m5','anna','B1:45-113','flag','','','','{}',1700000000000008,'f5e99a2ac5088463f95b6e5f78d33e1897831e1fe9048045dd745b19f8d783fe','0b26812dba95d9d02b1e4441ee62107303cd9acbad2b40896877b55f6c58e171');
INSERT INTO "marks" VALUES(6,'m6','anna','B1:45-113','undo','','m5','','{}',1700000000000009,'0b26812dba95d9d02b1e4441ee62107303cd9acbad2b40896877b55f6c58e171','93edaa32a32ca24bc9a9e0593a98c064783ff22454a49d71a8d1422da0ba56cd');
CREATE TABLE participants (
	participant TEXT NOT NULL, 
	"case" TEXT NOT NULL, 
	level TEXT NOT NULL, 
	PRIMARY KEY (participant)
);
INSERT INTO "participants" VALUES('A1','A','manager');
INSERT INTO "participants" VALUES('A2','A','worker');
INSERT INTO "participants" VALUES('B1','B','worker');
CREATE TABLE proposals (
	segment TEXT NOT NULL, 
	code TEXT NOT NULL, 
	model TEXT NOT NULL, 
	probability FLOAT NOT NULL, 
	threshold FLOAT NOT NULL, 
	evidence TEXT NOT NULL, 
	PRIMARY KEY (segment, code, model), 
	FOREIGN KEY(segment) REFERENCES segments (segment)
);
INSERT INTO "proposals" VALUES('B1:146-203','hours','m@1',0.1,0.5,'{}');
INSERT INTO "proposals" VALUES('B1:146-203','wages','m@1',0.8,0.5,'{}');
INSERT INTO "proposals" VALUES('B1:45-113','hours','m@1',0.9,0.5,'{}');
INSERT INTO "proposals" VALUES('B1:45-113','wages','m@1',0.6,0.5,'{}');
CREATE TABLE readings (
	coder TEXT NOT NULL, 
	transcript TEXT NOT NULL, 
	PRIMARY KEY (coder, transcript), 
	FOREIGN KEY(transcript) REFERENCES transcripts (transcript)
);
INSERT INTO "readings" VALUES('anna','A1');
INSERT INTO "readings" VALUES('anna','A2');
INSERT INTO "readings" VALUES('ben','A1');
INSERT INTO "readings" VALUES('agreed','A1');
CREATE TABLE segments (
	segment TEXT NOT NULL, 
	transcript TEXT NOT NULL, 
	participant TEXT NOT NULL, 
	turn BIGINT NOT NULL, 
	"order" BIGINT NOT NULL, 
	start_char BIGINT NOT NULL, 
	end_char BIGINT NOT NULL, 
	PRIMARY KEY (segment), 
	UNIQUE (transcript, "order"), 
	FOREIGN KEY(transcript) REFERENCES transcripts (transcript), 
	FOREIGN KEY(participant) REFERENCES participants (participant)
);
INSERT INTO "segments" VALUES('A1:45-113','A1','A1',1,0,45,113);
INSERT INTO "segments" VALUES('A1:146-203','A1','A1',3,1,146,203);
INSERT INTO "segments" VALUES('A2:45-113','A2','A2',1,0,45,113);
INSERT INTO "segments" VALUES('A2:146-203','A2','A2',3,1,146,203);
INSERT INTO "segments" VALUES('B1:45-113','B1','B1',1,0,45,113);
INSERT INTO "segments" VALUES('B1:146-203','B1','B1',3,1,146,203);
CREATE TABLE standing (
	coder TEXT NOT NULL, 
	segment TEXT NOT NULL, 
	code TEXT NOT NULL, 
	uid TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	PRIMARY KEY (coder, segment, code), 
	FOREIGN KEY(segment) REFERENCES segments (segment)
);
INSERT INTO "standing" VALUES('ben','B1:45-113','hours','d1','accept');
INSERT INTO "standing" VALUES('ben','B1:45-113','wages','d2','reject');
INSERT INTO "standing" VALUES('ben','B1:146-203','wages','d3','unsure');
INSERT INTO "standing" VALUES('anna','B1:146-203','wages','d6','add');
INSERT INTO "standing" VALUES('anna','A2:45-113','hours','d7','reject');
INSERT INTO "standing" VALUES('agreed','A1:45-113','hours','d8','add');
INSERT INTO "standing" VALUES('agreed','A1:146-203','wages','d9','reject');
CREATE TABLE transcripts (
	transcript TEXT NOT NULL, 
	text TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	source TEXT NOT NULL, 
	grammar TEXT NOT NULL, 
	encoding TEXT NOT NULL, 
	notes TEXT NOT NULL, 
	PRIMARY KEY (transcript)
);
INSERT INTO "transcripts" VALUES('A1','Interviewer: How is your week arranged?

A1: Two mornings and a long Friday. She changed the Friday last month 😐.

Interviewer: And the pay?

A1: It stands still. The budget stands still, so it does too.
','125a86d9f12b12886b4292c0d7de808fa6010d0ec7ec28625a1d4874a0d32dc9','A1.txt','txt/label-colon','utf-8','[]');
INSERT INTO "transcripts" VALUES('A2','Interviewer: How is your week arranged?

A2: Two mornings and a long Friday. She changed the Friday last month 😐.

Interviewer: And the pay?

A2: It stands still. The budget stands still, so it does too.
','9a18bfeedc4846bb0aec3748b1c51553fcf32bbe80a71940431ea58ff0eb424b','A2.txt','txt/label-colon','utf-8','[]');
INSERT INTO "transcripts" VALUES('B1','Interviewer: How is your week arranged?

B1: Two mornings and a long Friday. She changed the Friday last month 😐.

Interviewer: And the pay?

B1: It stands still. The budget stands still, so it does too.
','e4a65eca8781ee249e7faa8b8a5e877e5db6fca54ddda7e60b3540581a106f55','B1.txt','txt/label-colon','utf-8','[]');
CREATE TABLE turns (
	transcript TEXT NOT NULL, 
	turn INTEGER NOT NULL, 
	speaker TEXT NOT NULL, 
	role TEXT NOT NULL, 
	participant TEXT NOT NULL, 
	start_char BIGINT NOT NULL, 
	end_char BIGINT NOT NULL, 
	start_s FLOAT, 
	end_s FLOAT, 
	PRIMARY KEY (transcript, turn), 
	FOREIGN KEY(transcript) REFERENCES transcripts (transcript)
);
INSERT INTO "turns" VALUES('A1',0,'Interviewer','interviewer','',13,39,NULL,NULL);
INSERT INTO "turns" VALUES('A1',1,'A1','participant','A1',45,113,NULL,NULL);
INSERT INTO "turns" VALUES('A1',2,'Interviewer','interviewer','',128,140,NULL,NULL);
INSERT INTO "turns" VALUES('A1',3,'A1','participant','A1',146,203,NULL,NULL);
INSERT INTO "turns" VALUES('A2',0,'Interviewer','interviewer','',13,39,NULL,NULL);
INSERT INTO "turns" VALUES('A2',1,'A2','participant','A2',45,113,NULL,NULL);
INSERT INTO "turns" VALUES('A2',2,'Interviewer','interviewer','',128,140,NULL,NULL);
INSERT INTO "turns" VALUES('A2',3,'A2','participant','A2',146,203,NULL,NULL);
INSERT INTO "turns" VALUES('B1',0,'Interviewer','interviewer','',13,39,NULL,NULL);
INSERT INTO "turns" VALUES('B1',1,'B1','participant','B1',45,113,NULL,NULL);
INSERT INTO "turns" VALUES('B1',2,'Interviewer','interviewer','',128,140,NULL,NULL);
INSERT INTO "turns" VALUES('B1',3,'B1','participant','B1',146,203,NULL,NULL);
CREATE TRIGGER transcripts_text_frozen BEFORE UPDATE OF transcript, text, sha256 ON transcripts BEGIN SELECT RAISE(ABORT, 'the text of a transcript is frozen'); END;
CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'the log of decisions is append-only'); END;
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'the log of decisions is append-only'); END;
CREATE TRIGGER marks_no_update BEFORE UPDATE ON marks BEGIN SELECT RAISE(ABORT, 'marks are append-only'); END;
CREATE TRIGGER marks_no_delete BEFORE DELETE ON marks BEGIN SELECT RAISE(ABORT, 'marks are append-only'); END;
COMMIT;
