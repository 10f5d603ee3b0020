-- name: CategoryInsert :exec
INSERT INTO categories (id, parent_id, name, slug, path, position) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (path) DO NOTHING;

-- name: CategoryByID :one
SELECT id, parent_id, name, slug, path, position FROM categories WHERE id = $1;

-- name: CategoryByPath :one
SELECT id, parent_id, name, slug, path, position FROM categories WHERE path = $1;

-- name: CategoriesAll :many
SELECT id, parent_id, name, slug, path, position FROM categories ORDER BY position, path LIMIT 2000;

-- name: CategoryNth :one
SELECT id FROM categories ORDER BY id LIMIT 1 OFFSET CAST($1 AS BIGINT);

-- name: GigInsert :exec
INSERT INTO gigs (id, seller_id, category_id, state, slug, title, from_price, currency, days, cover, source, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: GigUpdate :one
UPDATE gigs SET category_id = $3, state = $4, slug = $5, title = $6, from_price = $7, currency = $8,
    days = $9, cover = $10, updated_at = $11, version = version + 1
WHERE id = $1 AND version = $2
RETURNING 1;

-- name: GigBodySet :exec
INSERT INTO gig_bodies (gig_id, body) VALUES ($1, $2)
ON CONFLICT (gig_id) DO UPDATE SET body = excluded.body;

-- name: GigByID :one
SELECT g.id, g.seller_id, g.category_id, g.state, g.slug, g.title, g.from_price, g.currency, g.days, g.cover, g.source, g.created_at, g.updated_at, g.version, b.body
FROM gigs g JOIN gig_bodies b ON b.gig_id = g.id WHERE g.id = $1;

-- name: GigIDBySlug :one
SELECT id FROM gigs WHERE slug = $1;

-- name: GigPlaceAdd :exec
INSERT INTO gig_places (category_id, gig_id) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: GigPlacesDrop :exec
DELETE FROM gig_places WHERE gig_id = $1;

-- name: GigWordsAdd :exec
INSERT INTO gig_words (gig_id, word)
VALUES ($1, $2), ($1, $3), ($1, $4), ($1, $5), ($1, $6), ($1, $7), ($1, $8), ($1, $9)
ON CONFLICT DO NOTHING;

-- name: GigWordsDrop :exec
DELETE FROM gig_words WHERE gig_id = $1;

-- name: GigSourceFind :one
SELECT gig_id FROM gig_sources WHERE source = $1 AND source_ref = $2;

-- name: GigSourceAdd :exec
INSERT INTO gig_sources (source, source_ref, gig_id, line) VALUES ($1, $2, $3, $4);

-- name: GigsInCategory :many
SELECT g.id, g.seller_id, g.category_id, g.state, g.slug, g.title, g.from_price, g.currency, g.days, g.cover, g.updated_at,
       m.name AS seller_name, m.handle AS seller_handle, m.picture AS seller_picture, m.away_until
FROM gig_places p JOIN gigs g ON g.id = p.gig_id JOIN members m ON m.id = g.seller_id
WHERE p.category_id = $1 AND p.gig_id < $2 AND m.suspended_at IS NULL
ORDER BY p.gig_id DESC LIMIT CAST($3 AS BIGINT);

-- name: GigsOfSeller :many
SELECT g.id, g.seller_id, g.category_id, g.state, g.slug, g.title, g.from_price, g.currency, g.days, g.cover, g.updated_at,
       m.name AS seller_name, m.handle AS seller_handle, m.picture AS seller_picture, m.away_until
FROM gigs g JOIN members m ON m.id = g.seller_id
WHERE g.seller_id = $1 AND g.state = $2 AND g.id < $3
ORDER BY g.id DESC LIMIT CAST($4 AS BIGINT);

-- The gigs that carry the word $1, newest first, looked at in a window that
-- bounds the work; of these, the ones that also carry $4, $5 and a word between
-- $6 and $7, and lie in category $8. An empty filter holds for every gig.
-- name: GigsWithWords :many
SELECT g.id, g.seller_id, g.category_id, g.state, g.slug, g.title, g.from_price, g.currency, g.days, g.cover, g.updated_at,
       m.name AS seller_name, m.handle AS seller_handle, m.picture AS seller_picture, m.away_until
FROM (SELECT f.gig_id FROM gig_words f WHERE f.word = $1 AND f.gig_id < $2
      ORDER BY f.gig_id DESC LIMIT CAST($3 AS BIGINT)) w
JOIN gigs g ON g.id = w.gig_id JOIN members m ON m.id = g.seller_id
WHERE (CAST($4 AS TEXT) = '' OR EXISTS (SELECT 1 FROM gig_words a WHERE a.word = CAST($4 AS TEXT) AND a.gig_id = w.gig_id))
  AND (CAST($5 AS TEXT) = '' OR EXISTS (SELECT 1 FROM gig_words b WHERE b.word = CAST($5 AS TEXT) AND b.gig_id = w.gig_id))
  AND (CAST($6 AS TEXT) = '' OR EXISTS (SELECT 1 FROM gig_words c WHERE c.gig_id = w.gig_id AND c.word >= CAST($6 AS TEXT) AND c.word <= CAST($7 AS TEXT)))
  AND m.suspended_at IS NULL
  AND (CAST($8 AS TEXT) = '' OR EXISTS (SELECT 1 FROM gig_places d WHERE d.category_id = CAST($8 AS TEXT) AND d.gig_id = w.gig_id))
ORDER BY w.gig_id DESC LIMIT CAST($9 AS BIGINT);

-- name: WordWindow :one
SELECT CAST(COALESCE(MIN(w.gig_id), '') AS TEXT) AS last, CAST(COUNT(*) AS BIGINT) AS n
FROM (SELECT f.gig_id FROM gig_words f WHERE f.word = $1 AND f.gig_id < $2
      ORDER BY f.gig_id DESC LIMIT CAST($3 AS BIGINT)) w;

-- name: WordAfter :one
SELECT word FROM gig_words WHERE word > $1 AND word <= $2 ORDER BY word LIMIT 1;

-- name: FileInsert :exec
INSERT INTO files (id, owner_id, purpose, subject, name, mime, size, sha256, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: FileByID :one
SELECT id, owner_id, purpose, subject, name, mime, size, sha256, created_at FROM files WHERE id = $1;

-- name: FileAttach :one
UPDATE files SET subject = $4 WHERE id = $1 AND owner_id = $2 AND purpose = $3 AND subject IN ('', $4)
RETURNING 1;

-- name: FileSizeInsert :exec
INSERT INTO file_sizes (file_id, label, width, height, size, sha256) VALUES ($1, $2, $3, $4, $5, $6);

-- name: FileSize :one
SELECT file_id, label, width, height, size, sha256 FROM file_sizes WHERE file_id = $1 AND label = $2;
