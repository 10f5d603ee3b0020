package api_test

import (
	"encoding/json"
	"iter"
	"net/http"
	"strings"
	"testing"

	"guildhall/client"
	"guildhall/internal/store/storetest"
)

// TestStandingFromProgramToProgram: where a seller stands, each number with its
// list, the link for a helper, and what each of the others may know.
func TestStandingFromProgramToProgram(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": storetest.SQLitePath, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			r := newReviewHouse(t, database(t))
			id, _ := r.completed()

			s, err := r.seller.Standing(r.ctx)
			r.must(err)
			if s.Completed != 1 || s.UniqueBuyers != 1 || s.Completion.For != 1 || s.Earned.Minor == 0 || !s.Selling || s.Level.Name != "" || len(s.Ladder) < 2 {
				t.Errorf("stands at %+v", s)
			}
			why, err := r.seller.WhyLevel(r.ctx, s.Ladder[0].Name)
			r.must(err)
			if len(why.Requirements) == 0 || why.Met || why.Held {
				t.Errorf("the first level asks %+v", why)
			}
			_, err = r.seller.WhyLevel(r.ctx, "archduke")
			wantStatus(t, err, http.StatusNotFound)
			_, err = r.buyer.WhyLevel(r.ctx, s.Ladder[0].Name) // who has no shop has no way up
			wantStatus(t, err, http.StatusNotFound)

			for _, figure := range []string{"completed", "unique_buyers", "earned", "completion", "on_time"} {
				lines := wholeList(t, r.seller.Behind(r.ctx, figure, ""))
				if len(lines) != 1 || lines[0].Order != id || lines[0].Name != "Bo Buyer" {
					t.Errorf("behind %s: %+v", figure, lines)
				}
				if lines := wholeList(t, r.stranger.Behind(r.ctx, figure, "")); len(lines) != 0 {
					t.Errorf("a stranger's own %s holds %+v", figure, lines)
				}
			}
			r.shared(t, id)
			r.known(t)
		})
	}
}

// wholeList reads a list to its end.
func wholeList[T any](t *testing.T, list iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for item, err := range list {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, item)
	}
	return all
}

func wantStatus(t *testing.T, err error, want int) {
	t.Helper()
	if status(err) != want {
		t.Errorf("%v, want %d", err, want)
	}
}

// shared walks the life of a link.
func (r *reviewHouse) shared(t *testing.T, id string) {
	link, err := r.seller.ShareStanding(r.ctx)
	r.must(err)
	guest := client.New(r.url, "")
	seen, err := guest.SharedStanding(r.ctx, link.Secret)
	r.must(err)
	lines := wholeList(t, guest.SharedBehind(r.ctx, link.Secret, "completion"))
	body, err := json.Marshal([]any{seen, lines})
	r.must(err)
	if seen.Completed != 1 || len(lines) != 1 || seen.Expires == nil || strings.Contains(string(body), id) || strings.Contains(string(body), "Bo Buyer") {
		t.Errorf("through the link: %s", body)
	}
	mine, err := r.seller.Standing(r.ctx)
	r.must(err)
	if len(mine.Shares) != 1 || mine.Shares[0].Secret != "" {
		t.Errorf("open links: %+v", mine.Shares)
	}
	wantStatus(t, r.stranger.CloseShare(r.ctx, link.ID), http.StatusNotFound)
	r.must(r.seller.CloseShare(r.ctx, link.ID))
	_, closed := guest.SharedStanding(r.ctx, link.Secret)
	_, wrong := guest.SharedStanding(r.ctx, strings.Repeat("0", len(link.Secret)))
	if closed == nil || wrong == nil || closed.Error() != wrong.Error() {
		t.Errorf("closed: %v; wrong: %v", closed, wrong)
	}
}

// known is what others may know.
func (r *reviewHouse) known(t *testing.T) {
	public, err := client.New(r.url, "").SellerStanding(r.ctx, r.me.Handle)
	r.must(err)
	if public.Completed != 1 || public.Completion.Counted != 1 || public.Level != "" {
		t.Errorf("everybody sees %+v", public)
	}
	buyer, err := r.buyer.Me(r.ctx)
	r.must(err)
	record, err := r.seller.BuyerRecord(r.ctx, buyer.ID)
	r.must(err)
	if record.Orders != 1 || record.Completed != 1 || record.Noted != 0 {
		t.Errorf("the buyer's record: %+v", record)
	}
	for _, who := range []*client.Client{r.stranger, r.buyer} {
		_, err = who.BuyerRecord(r.ctx, buyer.ID)
		wantStatus(t, err, http.StatusNotFound)
	}
	for _, err := range r.seller.LevelCandidates(r.ctx) {
		wantStatus(t, err, http.StatusNotFound)
	}
	_, err = r.seller.ApproveLevel(r.ctx, r.me.ID, "I deserve it.")
	wantStatus(t, err, http.StatusNotFound)
}
