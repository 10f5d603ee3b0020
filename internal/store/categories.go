package store

import (
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/store/db"
)

// AddCategory writes a category unless its path is taken already.
func (tx *Tx) AddCategory(c gig.Category) error {
	return tx.q.CategoryInsert(tx.ctx, db.CategoryInsertParams{
		ID: string(c.ID), ParentID: string(c.Parent), Name: c.Name, Slug: c.Slug, Path: c.Path, Position: int64(c.Position),
	})
}

// Category reads one category. Errors: ErrNotFound.
func (tx *Tx) Category(id ident.Category) (gig.Category, error) {
	r, err := known(tx, id, func() (db.Category, error) { return tx.q.CategoryByID(tx.ctx, string(id)) })
	return categoryOf(r), err
}

// CategoryByPath finds a category by its slugs from the root down, each
// followed by a slash. Errors: ErrNotFound.
func (tx *Tx) CategoryByPath(path string) (gig.Category, error) {
	r, err := tx.q.CategoryByPath(tx.ctx, path)
	return categoryOf(r), err
}

// MostCategories is how many categories a house has at most: as many as
// Categories lists.
const MostCategories = 2000

// CategoriesFull tells whether the house has as many categories as it may.
func (tx *Tx) CategoriesFull() (bool, error) {
	_, err := tx.q.CategoryNth(tx.ctx, MostCategories-1)
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// Categories lists the whole tree, parents and children mixed, by position.
func (tx *Tx) Categories() ([]gig.Category, error) {
	rows, err := tx.q.CategoriesAll(tx.ctx)
	list := make([]gig.Category, len(rows))
	for i, r := range rows {
		list[i] = categoryOf(r)
	}
	return list, err
}

// Ancestry is the way from the root to a category, the category included; empty
// for the empty id.
func (tx *Tx) Ancestry(id ident.Category) ([]gig.Category, error) {
	var way []gig.Category
	for id != "" {
		c, err := tx.Category(id)
		if err != nil {
			return nil, err
		}
		way = append([]gig.Category{c}, way...)
		id = c.Parent
	}
	return way, nil
}

func categoryOf(r db.Category) gig.Category {
	return gig.Category{
		ID: ident.Category(r.ID), Parent: ident.Category(r.ParentID), Name: r.Name,
		Slug: r.Slug, Path: r.Path, Position: int(r.Position),
	}
}
