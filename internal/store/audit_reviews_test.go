package store_test

// rated are corruptions of what people say of each other.
var rated = []corruption{
	{"a star given by nobody", "reviews", `UPDATE reviews SET body = json_set(body, '$.stars[0].stars', 7) WHERE review_id = (SELECT min(review_id) FROM reviews)`},
	{"a word of somebody else", "reviews", `UPDATE reviews SET body = json_set(body, '$.text', 'Bought words, bought words.') WHERE review_id = (SELECT min(review_id) FROM reviews)`},
	{"a review of a stranger", "reviews", `UPDATE reviews SET author_id = 'member_x' WHERE review_id = (SELECT min(review_id) FROM reviews)`},
	{"a review of no order", "reviews", `DELETE FROM review_pairs WHERE id = (SELECT min(id) FROM review_pairs)`},
	{"a review gone", "reviews", `DELETE FROM reviews WHERE review_id = (SELECT min(review_id) FROM reviews)`},
	{"read before its time", "reviews", `UPDATE reviews SET revealed_at = 1 WHERE revealed_at IS NULL`},
	{"revealed by nobody", "reviews", `UPDATE review_pairs SET revealed_at = closes_at, next_at = NULL WHERE revealed_at IS NULL AND next_at IS NOT NULL`},
	{"a window that never ends", "deadline", `UPDATE review_pairs SET next_at = next_at + 1000000 WHERE next_at IS NOT NULL`},
	{"a longer window", "history", `UPDATE review_pairs SET closes_at = closes_at + 1000000 WHERE revealed_at < closes_at`},
	{"counted once more", "counts", `UPDATE review_sums SET shown = shown + 1 WHERE subject_id = (SELECT min(subject_id) FROM review_sums)`},
	{"counted in another row", "counts", `UPDATE review_sums SET stars_5 = stars_5 + 1, stars_4 = stars_4 - 1 WHERE subject_id = (SELECT min(subject_id) FROM review_sums)`},
	{"a better mean", "counts", `UPDATE review_sums SET total = total + 1 WHERE subject_id = (SELECT min(subject_id) FROM review_sums)`},
	{"rated by events of nobody", "history", `UPDATE events SET actor_id = 'member_x' WHERE kind = 'review.written' AND stream = (SELECT min(review_id) FROM reviews)`},
	{"written too late", "history", `UPDATE events SET at = at + 2000000000000 WHERE kind = 'review.written' AND stream = (SELECT min(review_id) FROM reviews)`},
}
