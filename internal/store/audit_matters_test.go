package store_test

// settled are corruptions of what people settle, offer, say and decide.
var settled = []corruption{
	{"mutual without acceptance", "history", `UPDATE events SET kind = 'order.request_declined' WHERE kind = 'order.request_agreed' AND stream = (SELECT min(id) FROM orders WHERE class = 'mutual')`},
	{"mutual of nobody", "history", `DELETE FROM events WHERE kind = 'order.request_agreed' AND stream = (SELECT min(id) FROM orders WHERE class = 'mutual')`},
	{"mutual after its time", "history", `UPDATE events SET at = at + 200000000000 WHERE kind IN ('order.request_agreed', 'order.cancelled_mutual') AND stream = (SELECT min(id) FROM orders WHERE class = 'mutual')`},
	{"unanswered called mutual", "history", `UPDATE orders SET class = 'mutual' WHERE id = (SELECT min(id) FROM orders WHERE class = 'unanswered')`},
	{"unanswered before its time", "deadline", `UPDATE events SET at = at - 1000000 WHERE kind IN ('order.request_expired', 'order.cancelled_unanswered') AND stream = (SELECT min(id) FROM orders WHERE class = 'unanswered')`},
	{"agreed by the asker", "history", `UPDATE events SET actor_id = (SELECT a.actor_id FROM events a WHERE a.stream = events.stream AND a.kind = 'order.request_asked' LIMIT 1)
		WHERE kind = 'order.request_agreed' AND stream = (SELECT min(id) FROM orders WHERE class = 'mutual')`},
	{"open request on an ended order", "history", `UPDATE orders SET life = json_set(life, '$.request', json('{"no":3,"by":"buyer","proposal":{"kind":"cancel","cause":"mistake"},"asked":"2027-02-01T00:00:00Z","ends":"2027-02-03T00:00:00Z"}'))
		WHERE id = (SELECT min(id) FROM orders WHERE state = 'completed')`},
	{"open request of no one", "standing", `DELETE FROM order_asks WHERE order_id = (SELECT min(order_id) FROM order_asks)`},
	{"asked for nothing", "standing", `INSERT INTO order_asks SELECT id, seller_id, 1 FROM orders WHERE state = 'completed' ORDER BY id LIMIT 1`},
	{"asked of another", "standing", `UPDATE order_asks SET member_id = 'member_x' WHERE order_id = (SELECT min(order_id) FROM order_asks)`},
	{"share of a request", "history", `UPDATE events SET detail = json_set(detail, '$.proposal.share', 1) WHERE kind = 'order.request_asked' AND stream = (SELECT min(id) FROM orders WHERE class = 'mutual')`},
	{"refund beyond what was paid", "history", `UPDATE orders SET life = json_set(life, '$.refunds[0].minor', 99999999) WHERE id = (SELECT min(id) FROM orders WHERE class = 'mutual')`},
	{"refund booked beyond what was paid", "money", `UPDATE postings SET minor = minor * 50 WHERE (stream, no) IN (SELECT stream, no FROM entries WHERE kind = 'refund')`},
	{"refund that never was", "history", `UPDATE orders SET life = json_remove(life, '$.refunds') WHERE id = (SELECT min(id) FROM orders WHERE class = 'mutual')`},
	{"pauses overlap", "history", `UPDATE orders SET life = json_set(life, '$.pauses[0].from', '2026-12-31T00:00:00Z') WHERE id = (SELECT min(id) FROM orders WHERE json_array_length(life, '$.pauses') > 0)`},
	{"pause forgotten", "history", `UPDATE orders SET life = json_remove(life, '$.pauses') WHERE id = (SELECT min(id) FROM orders WHERE json_array_length(life, '$.pauses') > 0)`},
	{"stalled beyond the allowance", "history", `UPDATE orders SET life = json_set(life, '$.seller_paused', 0) WHERE id = (SELECT min(id) FROM orders WHERE json_extract(life, '$.seller_paused') > 0)`},
	{"excused without reminders", "history", `UPDATE orders SET life = json_set(life, '$.ending.seller', json('false'), '$.ending.excused', json('true')) WHERE id = (SELECT min(id) FROM orders WHERE class = 'late')`},
	{"fault of another", "history", `UPDATE orders SET life = json_set(life, '$.ending.seller', json('true')) WHERE id = (SELECT min(id) FROM orders WHERE class = 'mutual')`},
	{"failure kept as a success", "standing", `UPDATE contributions SET mark = 'for' WHERE figure = 'completion' AND mark = 'against' AND subject_id = (SELECT min(subject_id) FROM contributions WHERE figure = 'completion' AND mark = 'against')`},
	{"failure forgotten", "standing", `DELETE FROM contributions WHERE figure = 'completion' AND mark = 'against'`},
	{"earned more", "standing", `UPDATE contributions SET value = value + 1 WHERE figure = 'earned' AND subject_id = (SELECT min(subject_id) FROM contributions WHERE figure = 'earned' AND mark = 'for')`},
	{"rated better", "standing", `UPDATE contributions SET value = value + 1 WHERE figure = 'rating' AND subject_id = (SELECT min(subject_id) FROM contributions WHERE figure = 'rating' AND mark = 'for')`},
	{"question forgotten", "standing", `DELETE FROM contributions WHERE figure = 'response' AND subject_id = (SELECT min(subject_id) FROM contributions WHERE figure = 'response')`},
	{"one more completed", "standing", `UPDATE standings SET completed = completed + 1 WHERE member_id = (SELECT min(member_id) FROM standings)`},
	{"tombstone uncounted", "standing", `UPDATE standings SET removed = removed + 1 WHERE member_id = (SELECT min(member_id) FROM standings)`},
	{"seller without a standing", "standing", `DELETE FROM standings WHERE completed > 0`},
	{"a level of nobody's giving", "standing", `UPDATE standings SET level = 'top' WHERE member_id = (SELECT min(member_id) FROM standings)`},
	{"a fall that nobody told", "standing", `UPDATE standings SET demotes_at = 1 WHERE member_id = (SELECT min(member_id) FROM standings)`},
	{"level's history", "history", `UPDATE standings SET seq = seq + 1 WHERE member_id = (SELECT min(member_id) FROM standings)`},
	{"success without an order", "standing", `UPDATE contributions SET mark = 'for' WHERE figure = 'completion' AND mark = 'excluded'`},

	{"offer open again", "history", `UPDATE offers SET state = 'open', bucket = 'open', ended_at = NULL WHERE id = (SELECT min(id) FROM offers WHERE state <> 'open')`},
	{"offer paid by another's order", "offers", `UPDATE offers SET order_id = (SELECT max(id) FROM orders) WHERE id = (SELECT min(id) FROM offers WHERE state = 'accepted')`},
	{"offer's history", "history", `DELETE FROM events WHERE seq > 1 AND stream = (SELECT min(id) FROM offers WHERE state = 'accepted')`},

	{"message gone", "messages", `DELETE FROM messages WHERE no = 1 AND thread_id = (SELECT min(thread_id) FROM messages)`},
	{"case open again", "history", `UPDATE cases SET state = 'waiting' WHERE id = (SELECT min(id) FROM cases WHERE state IN ('decided', 'closed'))`},
	{"own case decided", "access", `UPDATE events SET actor_id = (SELECT opener_id FROM cases WHERE id = stream) WHERE kind = 'case.decided' AND stream = (SELECT min(id) FROM cases WHERE opener_id <> '' AND decided_at IS NOT NULL)`},
	{"warning of no case", "history", `UPDATE warnings SET case_id = 'case_x' WHERE id = (SELECT min(id) FROM warnings)`},
	{"looked through no case", "access", `UPDATE case_reads SET case_id = 'case_x' WHERE id = (SELECT min(id) FROM case_reads)`},
}
