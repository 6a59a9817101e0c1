// What a word that a person typed means: a content's name, NAME@PEER, or a prefix of an id.
// Pure; the catalog's answer is passed in.
#pragma once

#include "daemon/peer/library.hpp"
#include "proto/tracker_messages.hpp"

namespace p2pd::peer {

using proto::CatalogEntry;
using proto::PeerId;

// "name@peer", split at the last '@'. Names may hold one themselves, so the whole word comes first.
struct NameAtPeer {
  std::string name;
  std::string peer;
};
std::optional<NameAtPeer> split_name(std::string_view word);

// Rows of several trackers: one for each content and name, with the publishers of all.
std::vector<CatalogEntry> merge(std::vector<CatalogEntry> rows);

// Only those that this peer (node name, address or prefix of its id) claims, which then stands
// first among the publishers. `known`: the one that is known by that name, and so is alone meant by
// it.
struct OfPublisher {
  std::vector<CatalogEntry> rows;
  std::vector<proto::Publisher> others; // that only call themselves so, each once
};
OfPublisher of_publisher(std::vector<CatalogEntry> rows, std::string_view peer,
                         const std::optional<PeerId>& known = std::nullopt);

// What there is to say of them; "" where there are none.
std::string warning_of(const std::vector<proto::Publisher>& others, std::string_view peer,
                       const PeerId& known);

// The one content that is meant. Where the word is a claimed name, that goes before one that is
// merely in use; different contents that different nodes claim under it, or ids that it begins, are
// ambiguous, and the failure lists them.
std::optional<CatalogEntry> choose(const std::vector<CatalogEntry>& rows, std::string_view word,
                                   Failure& failure);

} // namespace p2pd::peer
