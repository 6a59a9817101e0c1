// Whose claims auto_fetch follows. Names are free for everybody to claim, so a name alone says
// nothing about who published what stands behind it: a glob has its publisher beside it, or else
// the first publisher who brought a destination stays the one who may replace what is there.
// Thread: any; pure.
#pragma once

#include "proto/tracker_messages.hpp"

#include <optional>

namespace p2pd::transfer {

using proto::CatalogEntry;
using proto::PeerId;

// One element of [peer] auto_fetch, which the config has checked.
struct Followed {
  std::string glob;
  std::optional<PeerId> publisher; // nothing: whoever comes first
};
Followed followed(std::string_view text); // "GLOB" or "GLOB@PEERID"

// A name that is claimed for a content, by those whose claims count.
struct Claim {
  CatalogEntry entry;
  std::vector<PeerId> by; // one at least
  bool pinned = false;    // the config names them
};
// Nothing where no glob matches.
std::optional<Claim> claim_of(const std::vector<Followed>& all, const CatalogEntry& entry);

// The row of a notice that this was published, with whom it is about as the first publisher: a row
// need not name all.
CatalogEntry published_row(const proto::Notice& notice);

// As whose claim it may take the destination that `before` has brought, if anybody has; nothing
// where it is another's.
std::optional<PeerId> taker_of(const Claim& claim, const std::optional<PeerId>& before);

// "NAME (ID)", or the id alone.
std::string text_of(const CatalogEntry& entry, const PeerId& publisher);

} // namespace p2pd::transfer
