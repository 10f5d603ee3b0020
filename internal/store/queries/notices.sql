-- name: NoticeOrder :one
SELECT o.ref, o.title, o.buyer_id, o.seller_id, o.policy_id, o.currency, b.name AS buyer_name, s.name AS seller_name
FROM orders o JOIN members b ON b.id = o.buyer_id JOIN members s ON s.id = o.seller_id
WHERE o.id = $1;

-- name: NoticesBefore :many
SELECT member_id, id, stream, seq, kind, at, data, read_at FROM notices
WHERE member_id = $1 AND id < $2 ORDER BY id DESC LIMIT CAST($3 AS BIGINT);

-- name: NoticeByID :one
SELECT member_id, id, stream, seq, kind, at, data, read_at FROM notices WHERE member_id = $1 AND id = $2;

-- name: NoticeRead :one
UPDATE notices SET read_at = $3 WHERE member_id = $1 AND id = $2 AND read_at IS NULL RETURNING 1;

-- name: NoticesReadSome :many
UPDATE notices SET read_at = @read_at WHERE member_id = CAST(@member_id AS TEXT) AND read_at IS NULL AND id IN (
    SELECT n.id FROM notices n WHERE n.member_id = CAST(@member_id AS TEXT) AND n.read_at IS NULL ORDER BY n.id LIMIT CAST(@most AS BIGINT)
) RETURNING id;

-- name: NoticeCountLess :exec
UPDATE notice_counts SET unread = unread - $2 WHERE member_id = $1;

-- name: NoticeCount :one
SELECT unread FROM notice_counts WHERE member_id = $1;
