package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/pay"
	"guildhall/internal/sim"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// corruption is something that no rule would write, in SQL, and the rule of the
// finding about it.
type corruption struct{ name, rule, sql string }

// corruptions are rows that no rule would write, each with the invariant that
// an audit must then name.
var corruptions = []corruption{
	{"state", "history", `UPDATE orders SET state = 'delivered' WHERE id = (SELECT min(id) FROM orders WHERE state = 'completed')`},
	{"class", "history", `UPDATE orders SET class = 'mutual' WHERE id = (SELECT min(id) FROM orders WHERE class = 'before_start')`},
	{"due date", "history", `UPDATE orders SET due_at = due_at + 1000000 WHERE id = (SELECT min(id) FROM orders WHERE due_at IS NOT NULL)`},
	{"end", "history", `UPDATE orders SET ended_at = NULL WHERE id = (SELECT min(id) FROM orders WHERE state = 'completed')`},
	{"life", "history", `UPDATE orders SET life = 'oops' WHERE id = (SELECT min(id) FROM orders)`},
	{"answers", "history", `UPDATE orders SET life = '{}' WHERE id = (SELECT min(id) FROM orders WHERE state = 'completed')`},
	{"agreement gone", "history", `DELETE FROM order_agreements WHERE order_id = (SELECT min(id) FROM orders)`},
	{"policy", "history", `UPDATE orders SET policy_id = 'policy_none' WHERE id = (SELECT min(id) FROM orders)`},
	{"event gone", "history", `DELETE FROM events WHERE seq = 2 AND stream = (SELECT min(id) FROM orders WHERE state = 'completed')`},
	{"last event gone", "history", `DELETE FROM events WHERE kind = 'order.cleared' AND stream = (SELECT min(stream) FROM events WHERE kind = 'order.cleared')`},
	{"event twice", "history", `INSERT INTO events SELECT stream, seq + 1, kind, at, actor_id, role, from_state, to_state, detail, couriered_at FROM events e
		WHERE kind = 'order.cleared' AND NOT EXISTS (SELECT 1 FROM events l WHERE l.stream = e.stream AND l.seq > e.seq) LIMIT 1`},
	{"accepted by another", "history", `UPDATE events SET actor_id = (SELECT max(id) FROM members) WHERE kind = 'order.accepted' AND stream = (SELECT min(stream) FROM events WHERE kind = 'order.accepted')`},
	{"accepted by the seller", "history", `UPDATE events SET actor_id = (SELECT seller_id FROM orders WHERE id = stream) WHERE kind = 'order.accepted' AND stream = (SELECT min(stream) FROM events WHERE kind = 'order.accepted')`},
	{"moved by the clock", "deadline", `UPDATE events SET role = 'clock', actor_id = '' WHERE kind = 'order.accepted' AND stream = (SELECT min(stream) FROM events WHERE kind = 'order.accepted')`},
	{"text of a delivery", "history", `UPDATE events SET detail = '{"text":""}' WHERE kind = 'order.delivered' AND stream = (SELECT min(stream) FROM events WHERE kind = 'order.delivered')`},
	{"kind", "history", `UPDATE events SET kind = 'order.waved' WHERE kind = 'order.accepted' AND stream = (SELECT min(stream) FROM events WHERE kind = 'order.accepted')`},
	{"event of nothing", "history", `INSERT INTO events SELECT 'order_nothing', 1, kind, at, actor_id, role, from_state, to_state, detail, couriered_at FROM events LIMIT 1`},
	{"fired early", "deadline", `UPDATE events SET at = at - 1000000 WHERE kind = 'order.completed_by_time' AND stream = (SELECT min(stream) FROM events WHERE kind = 'order.completed_by_time')`},
	{"reminder never fired", "deadline", `UPDATE events SET kind = 'order.due_passed' WHERE kind = 'order.remind_completion' AND stream = (SELECT min(stream) FROM events WHERE kind = 'order.remind_completion')`},
	{"deadline", "deadline", `UPDATE orders SET next_at = next_at + 1 WHERE id = (SELECT min(id) FROM orders WHERE next_at IS NOT NULL)`},
	{"deadline gone", "deadline", `UPDATE orders SET next_at = NULL WHERE id = (SELECT min(id) FROM orders WHERE next_at IS NOT NULL)`},
	{"member's history", "history", `UPDATE members SET seq = seq + 1 WHERE id = (SELECT min(id) FROM members)`},
	{"gig's history", "history", `UPDATE gigs SET version = version + 1 WHERE id = (SELECT min(id) FROM gigs)`},

	{"message gone", "messages", `DELETE FROM messages WHERE no = 1 AND thread_id = (SELECT min(id) FROM threads)`},
	{"message changed", "messages", `UPDATE messages SET text = 'I never said that' WHERE no = 1 AND thread_id = (SELECT min(id) FROM threads)`},
	{"message of a third", "messages", `UPDATE messages SET author_id = 'member_third' WHERE no = 1 AND thread_id = (SELECT min(id) FROM threads)`},
	{"unread", "messages", `UPDATE thread_seats SET unread = unread + 1 WHERE thread_id = (SELECT min(id) FROM threads)`},

	{"total", "money", `UPDATE orders SET total = total + 1 WHERE id = (SELECT min(id) FROM orders WHERE state = 'completed')`},
	{"price agreed", "money", `UPDATE order_agreements SET body = replace(body, '"lines":[', '"lines":[{"label":"x","amount":{"minor":5,"currency":"USD"}},') WHERE order_id = (SELECT min(id) FROM orders)`},
	{"one posting", "money", `UPDATE postings SET minor = minor + 1 WHERE line = 1 AND no = 1 AND stream = (SELECT min(stream) FROM postings)`},
	{"both postings", "money", `UPDATE postings SET minor = minor * 2 WHERE no = 1 AND stream = (SELECT min(stream) FROM postings)`},
	{"posting gone", "money", `DELETE FROM postings WHERE line = 2 AND no = 1 AND stream = (SELECT min(stream) FROM postings)`},
	{"entry gone", "money", `DELETE FROM entries WHERE no = 1 AND stream = (SELECT min(stream) FROM entries)`},
	{"postings gone", "money", `DELETE FROM postings WHERE no = 1 AND stream = (SELECT min(stream) FROM postings)`},
	{"chain", "money", `UPDATE entries SET prev = 'x' WHERE no = 2 AND stream = (SELECT min(stream) FROM entries WHERE no = 2)`},
	{"hash", "money", `UPDATE entries SET hash = 'x' WHERE no = 1 AND stream = (SELECT min(stream) FROM entries)`},
	{"released again", "money", `INSERT INTO entries SELECT stream, 9, kind, at, currency, provider, prev, hash, seal FROM entries WHERE kind = 'release' LIMIT 1`},
	{"cleared early", "money", `UPDATE entries SET at = at - 86400000000 WHERE kind = 'clear' AND stream = (SELECT min(stream) FROM entries WHERE kind = 'clear')`},
	{"payment unbooked", "money", `UPDATE payments SET settled_at = NULL, state = 'declined' WHERE id = (SELECT min(id) FROM payments WHERE state = 'succeeded')`},
	{"payment refunded", "money", `UPDATE payments SET state = 'refunded' WHERE id = (SELECT min(id) FROM payments WHERE state = 'succeeded')`},
	{"charged more", "money", `UPDATE payments SET amount = amount + 100 WHERE id = (SELECT min(id) FROM payments WHERE state = 'succeeded')`},
	{"withdrawn more", "money", `UPDATE withdrawals SET amount = amount + 1 WHERE id = (SELECT min(id) FROM withdrawals)`},
	{"withdrawal unsent", "money", `UPDATE withdrawals SET state = 'asked' WHERE id = (SELECT min(id) FROM withdrawals WHERE state <> 'asked')`},
	{"member's chain", "money", `UPDATE entries SET hash = 'x' WHERE no = 1 AND stream = (SELECT min(stream) FROM entries WHERE stream LIKE 'member_%')`},
	{"payout told twice", "money", `INSERT INTO entries SELECT stream, 99, kind, at, currency, provider, prev, hash, seal FROM entries WHERE kind = 'payout_sent' LIMIT 1`},
	{"payout unexplained", "provider", `UPDATE sandbox_moves SET minor = minor - 1 WHERE id = (SELECT min(id) FROM sandbox_moves WHERE kind = 'payout')`},
	{"balance", "balances", `UPDATE balances SET minor = minor + 1 WHERE account = (SELECT min(account) FROM balances)`},
	{"placed on a day", "counts", `UPDATE order_days SET n = n + 1 WHERE what = 'paid' AND day = (SELECT min(day) FROM order_days WHERE what = 'paid')`},
	{"ended on another day", "counts", `UPDATE order_days SET day = day + 1 WHERE what = 'completed' AND day = (SELECT max(day) FROM order_days WHERE what = 'completed')`},
	{"asked on a day", "counts", `UPDATE order_days SET n = n - 1 WHERE what = 'order.request_asked' AND day = (SELECT min(day) FROM order_days WHERE what = 'order.request_asked')`},
	{"moved on a day", "counts", `UPDATE money_days SET minor = minor + 1 WHERE pot = 'escrow' AND day = (SELECT min(day) FROM money_days)`},
	{"balance gone", "balances", `DELETE FROM balances WHERE account = (SELECT min(account) FROM balances WHERE minor > 0)`},
	{"below nothing", "balances", `UPDATE postings SET minor = -minor WHERE account LIKE 'pending:%' AND minor > 0`},

	{"orders counted", "counts", `UPDATE order_counts SET n = n + 1 WHERE member_id = (SELECT min(member_id) FROM order_counts)`},
	{"orders uncounted", "counts", `DELETE FROM order_counts WHERE member_id = (SELECT min(member_id) FROM order_counts WHERE n > 0)`},
	{"bucket", "counts", `UPDATE orders SET bucket = 'pending' WHERE id = (SELECT min(id) FROM orders WHERE state = 'completed')`},
	{"rank", "counts", `UPDATE orders SET rank_at = rank_at + 1 WHERE id = (SELECT min(id) FROM orders WHERE state = 'completed')`},
	{"places taken", "counts", `UPDATE gig_loads SET n = n + 1 WHERE gig_id = (SELECT min(gig_id) FROM gig_loads)`},
	{"unread", "counts", `UPDATE notice_counts SET unread = unread + 1 WHERE member_id = (SELECT min(member_id) FROM notice_counts)`},
	{"unlisted", "counts", `DELETE FROM gig_places WHERE gig_id = (SELECT min(id) FROM gigs WHERE state = 'active')`},
	{"listed", "counts", `UPDATE gigs SET state = 'paused' WHERE id = (SELECT min(id) FROM gigs WHERE state = 'active')`},
	{"seal", "seals", `UPDATE seals SET entries = entries + 1 WHERE no = 1`},
	{"seal's chain", "seals", `UPDATE seals SET prev = 'x' WHERE no = 2`},
	{"entry unsealed", "seals", `UPDATE entries SET seal = NULL WHERE no = 1 AND stream = (SELECT min(stream) FROM entries WHERE seal = 1)`},
	{"seal of nothing", "seals", `UPDATE entries SET seal = 999 WHERE no = 1 AND stream = (SELECT min(stream) FROM entries)`},
	{"statement", "provider", `UPDATE sandbox_moves SET minor = minor + 1 WHERE id = (SELECT min(id) FROM sandbox_moves WHERE kind = 'charge')`},
	{"statement gone", "provider", `DELETE FROM sandbox_moves WHERE id = (SELECT min(id) FROM sandbox_moves WHERE kind = 'refund')`},
	{"charge unexplained", "provider", `INSERT INTO sandbox_moves VALUES ('ch_payment_x', 'charge', 'payment_x', 100, 'USD', 0)`},
	{"file", "files", `UPDATE files SET sha256 = '0000000000000000000000000000000000000000000000000000000000000000' WHERE id = (SELECT min(id) FROM files)`},
	{"size of a picture", "files", `UPDATE file_sizes SET sha256 = 'x' WHERE file_id = (SELECT min(file_id) FROM file_sizes)`},
	{"file of another order", "history", `UPDATE files SET subject = 'order_x' WHERE purpose = 'order'`},
	{"answer unreadable", "access", `UPDATE idempotency SET answer = CAST('{' AS BLOB) WHERE key = (SELECT min(key) FROM idempotency)`},
	{"answer of another", "access", `UPDATE idempotency SET member_id = 'member_x' WHERE key = (SELECT min(key) FROM idempotency)`},
	{"answer about nothing", "access", `UPDATE idempotency SET answer = CAST('{"order":"order_x"}' AS BLOB) WHERE key = (SELECT min(key) FROM idempotency)`},
	{"plain token", "access", `INSERT INTO tokens VALUES ('token_x', (SELECT min(id) FROM members), 'gh_plain', 'x', 'read', 0, NULL, NULL, NULL)`},
	{"door left open", "access", `INSERT INTO sessions SELECT 'x', id, CAST('' AS BLOB), 1 FROM members LIMIT 1; UPDATE members SET suspended_at = 1`},
	{"token left open", "access", `INSERT INTO tokens (id, member_id, token_hash, name, scopes, created_at) SELECT 'x', id, '0000000000000000000000000000000000000000000000000000000000000000', 'x', 'read', 1 FROM members LIMIT 1; UPDATE members SET suspended_at = 1`},
	{"notice of nothing", "notices", `UPDATE notices SET seq = 999 WHERE id = (SELECT min(id) FROM notices)`},
	{"errand given up", "errands", `INSERT INTO jobs VALUES ('job_x', 'refund', 'refund:x', '{}', 0, 20, 'dead', 'no', NULL, 0, NULL)`},
}

// TestAuditFindsEveryCorruption spoils a sound market in one way after the
// other; the audit of the sound one is silent.
func TestAuditFindsEveryCorruption(t *testing.T) {
	end := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	blobs, err := blob.Open(t.TempDir())
	must(t, err)
	t.Cleanup(func() { _ = blobs.Close() })
	image := soundMarket(t, blobs, end)
	if found := audited(t, image, blobs, end, ""); len(found) > 0 {
		t.Fatalf("a sound market: %+v", found[0])
	}
	for _, c := range slices.Concat(corruptions, settled, rated) {
		t.Run(c.name, func(t *testing.T) {
			found := audited(t, image, blobs, end, c.sql)
			var said []string
			for _, f := range found {
				if f.Rule == c.rule && f.Subject != "" && f.What != "" {
					return
				}
				said = append(said, fmt.Sprintf("%+v", f))
			}
			t.Errorf("no finding about %s, but %d others:\n%s", c.rule, len(found), strings.Join(said[:min(len(said), 5)], "\n"))
		})
	}
}

// soundMarket is the file of a small market that lived for two months.
func soundMarket(t *testing.T, blobs *blob.Store, end time.Time) []byte {
	t.Helper()
	path := storetest.SQLitePath(t)
	s, err := store.Open(t.Context(), path, store.Options{Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	w, err := sim.New(sim.Config{
		Seed: 11, From: end.AddDate(0, -2, 0), Until: end, Sellers: 8, Buyers: 25, Orders: 130, Turns: 2, Hash: "never matches",
	})
	must(t, err)
	must(t, w.Open(t.Context(), func(ids *ident.Source, now func() time.Time) (*market.Market, *pay.Sandbox) {
		return doorOf(s, blobs, ids, now)
	}))
	must(t, w.Populate(t.Context()))
	must(t, w.Live(t.Context(), end))
	must(t, s.Close())
	image, err := os.ReadFile(path)
	must(t, err)
	return image
}

func doorOf(s *store.Store, blobs *blob.Store, ids *ident.Source, now func() time.Time) (*market.Market, *pay.Sandbox) {
	till := pay.NewSandbox(s, now, []byte("a secret of this test"), time.Nanosecond)
	return market.New(market.Parts{Store: s, Now: now, IDs: ids, Pay: till, Blobs: blobs, Log: slog.New(slog.DiscardHandler)}), till
}

// audited spoils a copy of the market and audits it.
func audited(t *testing.T, image []byte, blobs *blob.Store, at time.Time, spoil string) []market.Finding {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spoilt.db")
	must(t, os.WriteFile(path, image, 0o600))
	s := storetest.Open(t, path)
	if spoil != "" {
		must(t, s.Update(context.Background(), func(tx *store.Tx) error {
			for _, sql := range strings.Split(spoil, ";") {
				if _, err := tx.Conn().Exec(tx.Context(), sql); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	m, _ := doorOf(s, blobs, ident.NewSource(), func() time.Time { return at })
	found, err := m.Audit(t.Context(), nil)
	must(t, err)
	return found
}
