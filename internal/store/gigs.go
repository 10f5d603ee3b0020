package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/store/db"
)

// AddGig writes a new gig. way is the ancestry of its category.
func (tx *Tx) AddGig(g gig.Gig, way []gig.Category) error {
	if err := tx.q.GigInsert(tx.ctx, db.GigInsertParams{
		ID: string(g.ID), SellerID: string(g.Seller), CategoryID: string(g.Category), State: string(g.State),
		Slug: g.Slug, Title: g.Title, FromPrice: g.From().Minor, Currency: string(g.Currency), Days: int64(g.Days()),
		Cover: string(g.Cover()), Source: g.Source, CreatedAt: micros(g.Created), UpdatedAt: micros(g.Updated), Version: int64(g.Version),
	}); err != nil {
		return err
	}
	if err := tx.saveBody(g); err != nil {
		return err
	}
	return tx.list(g, way)
}

// SaveGig writes a gig whose version a rule has just raised, and where it is
// found. Errors: ErrStale when the version before is no longer there.
func (tx *Tx) SaveGig(g gig.Gig, way []gig.Category) error {
	if _, err := tx.fenced.GigUpdate(tx.ctx, db.GigUpdateParams{
		ID: string(g.ID), Version: int64(g.Version - 1), CategoryID: string(g.Category), State: string(g.State),
		Slug: g.Slug, Title: g.Title, FromPrice: g.From().Minor, Currency: string(g.Currency), Days: int64(g.Days()),
		Cover: string(g.Cover()), UpdatedAt: micros(g.Updated),
	}); err != nil {
		return stale(err)
	}
	if err := tx.saveBody(g); err != nil {
		return err
	}
	if err := tx.q.GigPlacesDrop(tx.ctx, string(g.ID)); err != nil {
		return err
	}
	if err := tx.q.GigWordsDrop(tx.ctx, string(g.ID)); err != nil {
		return err
	}
	return tx.list(g, way)
}

func (tx *Tx) saveBody(g gig.Gig) error {
	body, err := json.Marshal(g.Body)
	if err != nil {
		return fmt.Errorf("store: body of %s: %w", g.ID, err)
	}
	tx.leaves(string(g.ID), nil)
	return tx.q.GigBodySet(tx.ctx, string(g.ID), string(body))
}

// list puts a listed gig where browsing and searching find it: its category and
// all above, the whole market, and each of its words.
func (tx *Tx) list(g gig.Gig, way []gig.Category) error {
	if !g.Listed() {
		return nil
	}
	places := []string{""}
	for _, c := range way {
		places = append(places, string(c.ID))
	}
	for _, place := range places {
		if err := tx.q.GigPlaceAdd(tx.ctx, place, string(g.ID)); err != nil {
			return err
		}
	}
	for eight := range slices.Chunk(gig.Words(g.Body), 8) {
		for len(eight) < 8 { // the same word again is kept once
			eight = append(slices.Clip(eight), eight[0])
		}
		if err := tx.q.GigWordsAdd(tx.ctx, db.GigWordsAddParams{
			GigID: string(g.ID), Word: eight[0], Word_2: eight[1], Word_3: eight[2], Word_4: eight[3],
			Word_5: eight[4], Word_6: eight[5], Word_7: eight[6], Word_8: eight[7],
		}); err != nil {
			return err
		}
	}
	return nil
}

// Gig reads one gig with its body. Errors: ErrNotFound.
func (tx *Tx) Gig(id ident.Gig) (gig.Gig, error) {
	r, err := known(tx, id, func() (db.GigByIDRow, error) { return tx.q.GigByID(tx.ctx, string(id)) })
	if err != nil {
		return gig.Gig{}, err
	}
	return gigOf(r)
}

var gigsSQL = manyOf("GigsByID", `SELECT g.id, g.seller_id, g.category_id, g.state, g.slug, g.source, g.created_at, g.updated_at, g.version, b.body
FROM gigs g JOIN gig_bodies b ON b.gig_id = g.id WHERE g.id IN ($ids)`)

// ManyGigs reads gigs by their ids, with their bodies. Errors: ErrNotFound when
// one is not there.
func (tx *Tx) ManyGigs(ids ...ident.Gig) (map[ident.Gig]gig.Gig, error) {
	found := map[ident.Gig]gig.Gig{}
	if err := askMany(tx, gigsSQL, ids, func(scan func(...any) error) error {
		var r db.GigByIDRow
		err := scan(&r.ID, &r.SellerID, &r.CategoryID, &r.State, &r.Slug, &r.Source, &r.CreatedAt, &r.UpdatedAt, &r.Version, &r.Body)
		if err != nil {
			return err
		}
		found[ident.Gig(r.ID)], err = gigOf(r)
		return err
	}); err != nil {
		return nil, err
	}
	return found, whole(ids, found)
}

// gigOf is a gig of its row and its body; the body repeats what cards show.
func gigOf(r db.GigByIDRow) (gig.Gig, error) {
	g := gig.Gig{
		ID: ident.Gig(r.ID), Seller: ident.Member(r.SellerID), Category: ident.Category(r.CategoryID),
		State: gig.State(r.State), Slug: r.Slug, Created: fromMicros(r.CreatedAt), Updated: fromMicros(r.UpdatedAt),
		Version: int(r.Version), Source: r.Source,
	}
	var err error
	if g.Body, err = bodies.read(r.Body); err != nil {
		return g, fmt.Errorf("store: body of %s: %w", r.ID, err)
	}
	return g, nil
}

// bodies of gigs that were read before.
var bodies memo[gig.Body]

// GigBySlug finds a gig by the readable part of its address. Errors: ErrNotFound.
func (tx *Tx) GigBySlug(slug string) (gig.Gig, error) {
	id, err := tx.q.GigIDBySlug(tx.ctx, slug)
	if err != nil {
		return gig.Gig{}, err
	}
	return tx.Gig(ident.Gig(id))
}

// ImportedFrom finds the gig that an import made of a listing. It answers "" for
// a listing that is new.
func (tx *Tx) ImportedFrom(source, ref string) (ident.Gig, error) {
	id, err := tx.q.GigSourceFind(tx.ctx, source, ref)
	if isNotFound(err) {
		return "", nil
	}
	return ident.Gig(id), err
}

// MarkImported remembers which listing a gig was made of, and the line it stood
// in. Of two imports of the same listing at once one runs again and finds it.
func (tx *Tx) MarkImported(source, ref string, id ident.Gig, line int) error {
	return tx.q.GigSourceAdd(tx.ctx, db.GigSourceAddParams{Source: source, SourceRef: ref, GigID: string(id), Line: int64(line)})
}

// newest is a cursor before all ids: they begin with "gig_" and lower-case letters.
const newest = "gig_~"

func cursor(before ident.Gig) string {
	if before == "" {
		return newest
	}
	return string(before)
}

// GigsIn lists listed gigs of a category and all below it, newest first, before
// an id; the empty category is the whole market.
func (tx *Tx) GigsIn(c ident.Category, before ident.Gig, limit int) ([]gig.Card, error) {
	rows, err := tx.q.GigsInCategory(tx.ctx, string(c), cursor(before), int64(limit))
	return cards(rows, cardOf), err
}

// GigsOf lists a seller's gigs of one state, newest first, before an id.
func (tx *Tx) GigsOf(seller ident.Member, s gig.State, before ident.Gig, limit int) ([]gig.Card, error) {
	rows, err := tx.q.GigsOfSeller(tx.ctx, db.GigsOfSellerParams{
		SellerID: string(seller), State: string(s), ID: cursor(before), Column4: int64(limit),
	})
	return cards(rows, func(r db.GigsOfSellerRow) gig.Card { return cardOf(db.GigsInCategoryRow(r)) }), err
}

// Bounds of one search: how many gigs with the rarest-looking word are looked
// at for the others, and how many endings of a half-typed word are tried.
const (
	searchWindow  = 2000
	searchWindows = 4
	searchEndings = 6
)

// Search lists listed gigs that carry all words, the last of which may be the
// beginning of one, newest first, before an id. It looks at a bounded number of
// gigs: when these are spent before the limit is reached, next says from where
// to go on, and the list may be short.
func (tx *Tx) Search(words []string, c ident.Category, before ident.Gig, limit int) (list []gig.Card, next ident.Gig, err error) {
	if len(words) == 0 {
		return nil, "", nil
	}
	half := words[len(words)-1]
	if len(words) == 1 {
		return tx.searchHalf(half, c, before, limit)
	}
	// A longer word is a rarer one, as a rule; it leads, the others filter.
	rest := slices.Clone(words[:len(words)-1])
	slices.SortFunc(rest, func(a, b string) int { return len(b) - len(a) })
	filter := db.GigsWithWordsParams{Word: rest[0], Column6: half, Column7: half + last, Column8: string(c)}
	if len(rest) > 1 {
		filter.Column4 = rest[1]
	}
	if len(rest) > 2 {
		filter.Column5 = rest[2]
	}
	at := cursor(before)
	for range searchWindows {
		got, end, more, err := tx.searchWindow(filter, at, limit-len(list))
		if err != nil {
			return nil, "", err
		}
		list = append(list, got...)
		if len(list) == limit {
			return list, list[limit-1].ID, nil
		}
		if !more {
			return list, "", nil
		}
		at = end
	}
	return list, ident.Gig(at), nil
}

// last is added to a half-typed word to reach past all its endings.
var last = strings.Repeat("z", 24)

// searchWindow filters one window of gigs with the leading word; more says that
// there are gigs beyond its end.
func (tx *Tx) searchWindow(p db.GigsWithWordsParams, at string, limit int) (list []gig.Card, end string, more bool, err error) {
	p.GigID, p.Column3, p.Column9 = at, searchWindow, int64(limit)
	rows, err := tx.q.GigsWithWords(tx.ctx, p)
	if err != nil {
		return nil, "", false, err
	}
	list = cards(rows, func(r db.GigsWithWordsRow) gig.Card { return cardOf(db.GigsInCategoryRow(r)) })
	if len(list) == limit {
		return list, "", true, nil
	}
	w, err := tx.q.WordWindow(tx.ctx, p.Word, at, searchWindow)
	return list, w.Last, w.N == searchWindow, err
}

// searchHalf searches by one word that may be half-typed: the gigs of the word
// itself and of its first endings, merged.
func (tx *Tx) searchHalf(half string, c ident.Category, before ident.Gig, limit int) ([]gig.Card, ident.Gig, error) {
	words := []string{half}
	for after := half; len(words) <= searchEndings; {
		word, err := tx.q.WordAfter(tx.ctx, after, half+last)
		if isNotFound(err) {
			break
		}
		if err != nil {
			return nil, "", err
		}
		words = append(words, word)
		after = word
	}
	var list []gig.Card
	bound := "" // below it some word's window was not looked into
	for _, w := range words {
		got, end, more, err := tx.searchWindow(db.GigsWithWordsParams{Word: w, Column8: string(c)}, cursor(before), limit)
		if err != nil {
			return nil, "", err
		}
		list = append(list, got...)
		if more && len(got) < limit && end > bound {
			bound = end
		}
	}
	slices.SortFunc(list, func(a, b gig.Card) int { return strings.Compare(string(b.ID), string(a.ID)) })
	list = slices.CompactFunc(list, func(a, b gig.Card) bool { return a.ID == b.ID })
	if i := slices.IndexFunc(list, func(g gig.Card) bool { return string(g.ID) < bound }); i >= 0 {
		list = list[:i]
	}
	switch {
	case len(list) >= limit:
		return list[:limit], list[limit-1].ID, nil
	case bound != "":
		return list, ident.Gig(bound), nil
	}
	return list, "", nil
}

func cards[T any](rows []T, of func(T) gig.Card) []gig.Card {
	list := make([]gig.Card, len(rows))
	for i, r := range rows {
		list[i] = of(r)
	}
	return list
}

func cardOf(r db.GigsInCategoryRow) gig.Card {
	return gig.Card{
		ID: ident.Gig(r.ID), Seller: ident.Member(r.SellerID), Category: ident.Category(r.CategoryID),
		State: gig.State(r.State), Slug: r.Slug, Title: r.Title, From: money.Of(r.FromPrice, money.Currency(r.Currency)),
		Days: int(r.Days), Cover: ident.File(r.Cover), Updated: fromMicros(r.UpdatedAt),
		SellerName: r.SellerName, SellerHandle: r.SellerHandle, SellerPicture: ident.File(r.SellerPicture),
		AwayUntil: fromMicrosOrNull(r.AwayUntil),
	}
}
