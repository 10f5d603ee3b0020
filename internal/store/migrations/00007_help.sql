-- +goose Up

-- What readers of help pages said, counted for each edition of an article. It
-- grows with the articles, not with the readers, and names nobody.
CREATE TABLE help_votes (
    article  TEXT   NOT NULL,
    revised  TEXT   NOT NULL, -- the day the words of the article last changed
    answered BIGINT NOT NULL CHECK (answered >= 0),
    missed   BIGINT NOT NULL CHECK (missed >= 0),
    PRIMARY KEY (article, revised)
);

-- +goose Down
DROP TABLE help_votes;
