// Which content a word means: a whole id, else a name, else NAME@PEER, else the beginning of an id.
// The first of these rungs on which there is a content decides, and several on it are ambiguous.
// NAME@PEER is what PEER claims under NAME, or else what its claim has brought here. See "Name
// resolution" in p2pctl(1).
// Thread: any; pure. Errors: a ControlError that names the word, the candidates and the remedy.
#pragma once

#include "daemon/lookup/nodes.hpp"

namespace p2pd::lookup {

using proto::CatalogEntry;

// "name@peer", split at the last '@'. Names may hold one themselves, so the whole word comes first.
struct NameAtPeer {
  std::string name;
  std::string peer;
};
std::optional<NameAtPeer> split_name(std::string_view word);

// Rows of several trackers: one for each content and name, with the publishers of all.
std::vector<CatalogEntry> merge(std::vector<CatalogEntry> rows);

// What may be meant: of the catalog, or of this node's library. There may be more of them than fit.
struct Contents {
  std::vector<CatalogEntry> rows;
  // Of rows of the library: whose claim has brought them, where that is known.
  struct Brought {
    CatalogEntry row;
    Node by;
  };
  std::vector<Brought> brought = {};
};

struct Meaning {
  // Its size is 0 where there is more than one word about that. The one that PEER means stands
  // first among its publishers.
  std::optional<CatalogEntry> entry;
  ControlError failure;              // where it is not one
  std::string warning;               // others call themselves like PEER
  std::optional<PeerId> called = {}; // who was meant by PEER, where that is its name
};
// `known`: who is known by PEER as a name. `none`: the failure where no content is meant.
Meaning choose_content(const Contents& contents, std::string_view word,
                       const std::optional<PeerId>& known, ControlError none);

} // namespace p2pd::lookup
