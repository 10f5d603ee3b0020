package store

// dialect holds the few fragments of SQL in which the engines differ. Anything
// that can be said in one text for both does not belong here.
type dialect struct {
	// skipLocked follows a SELECT that claims rows to work on: other workers
	// pass over them. SQLite has one writer and needs nothing.
	skipLocked string
	// columns lists table, column, nullable (0/1), place in the primary key.
	columns string
	// indexes lists table, columns of the key in order, unique (0/1), partial (0/1).
	indexes string
	// textOrder follows a text to sort it by its bytes, whatever the locale of
	// the database; texts lists table and column of every text. SQLite always
	// sorts so and needs neither.
	textOrder, texts string
}

var liteDialect = dialect{
	columns: `
SELECT t.name, c.name, CASE WHEN c."notnull" = 0 THEN 1 ELSE 0 END, c.pk
FROM sqlite_master AS t, pragma_table_info(t.name) AS c
WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'goose_%'`,
	indexes: `
SELECT t.name, (SELECT group_concat(c.name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) AS c), i."unique", i.partial
FROM sqlite_master AS t, pragma_index_list(t.name) AS i
WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'goose_%'`,
}

var pgDialect = dialect{
	skipLocked: " FOR UPDATE SKIP LOCKED",
	textOrder:  ` COLLATE "C"`,
	texts: `
SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attcollation <> 0`,
	columns: `
SELECT c.relname, a.attname, CASE WHEN a.attnotnull THEN 0 ELSE 1 END,
    COALESCE(array_position(i.indkey::int[], a.attnum::int), -1) + 1
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE 'goose_%'`,
	indexes: `
SELECT t.relname, COALESCE((
        SELECT string_agg(a.attname, ',' ORDER BY k.place)
        FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.attnum), ''),
    CASE WHEN i.indisunique THEN 1 ELSE 0 END, CASE WHEN i.indpred IS NULL THEN 0 ELSE 1 END
FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid
WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND t.relname NOT LIKE 'goose_%'`,
}
