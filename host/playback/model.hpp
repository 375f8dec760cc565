// The model that a recording is played as: what its metadata say of the variables that were recorded, and no
// arithmetic.
#pragma once

#include <memory>
#include <vector>

#include <host/playback/deck.hpp>
#include <host/record/about.hpp>
#include <host/session/model.hpp>

namespace simhost::playback {

// Of each column, what the metadata say it starts with.
std::vector<double> starts_of(const record::About& about);

// Its step copies rows of the deck, which it keeps. Names, units, types and enums are those of the columns; everything
// else is the descriptor's in the metadata, or left at what says nothing.
session::ModelPointer make_model(const record::About& about, std::shared_ptr<Deck> deck);

}  // namespace simhost::playback
