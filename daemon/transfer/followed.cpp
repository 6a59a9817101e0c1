#include "daemon/transfer/followed.hpp"

#include "proto/bytes.hpp"

#include <algorithm>
#include <fnmatch.h>

namespace p2pd::transfer {

Followed followed(std::string_view text) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos)
    if (const auto id = proto::peer_id(text.substr(at + 1)))
      return {std::string(text.substr(0, at)), id};
  return {std::string(text), std::nullopt};
}

CatalogEntry published_row(const proto::Notice& notice) {
  CatalogEntry row = notice.file.front();
  std::erase_if(row.publishers, [&](const auto& other) { return other.id == notice.peer.id; });
  if (row.publishers.size() == row.publishers.max) row.publishers.pop_back();
  row.publishers.insert(row.publishers.begin(), {notice.peer.id, notice.peer.name, {}});
  return row;
}

std::optional<Claim> claim_of(const std::vector<Followed>& all, const CatalogEntry& entry) {
  std::vector<PeerId> publishers;
  for (const proto::Publisher& publisher : entry.publishers) publishers.push_back(publisher.id);
  Claim pinned{entry, {}, true};
  bool by_anybody = false;
  for (const Followed& each : all) {
    if (::fnmatch(each.glob.c_str(), entry.name.bytes.c_str(), 0) != 0) continue;
    if (!each.publisher)
      by_anybody = true;
    else if (std::ranges::find(publishers, *each.publisher) != publishers.end())
      pinned.by.push_back(*each.publisher);
  }
  if (!pinned.by.empty()) return pinned;
  if (!by_anybody || publishers.empty()) return std::nullopt;
  return Claim{entry, std::move(publishers), false};
}

std::optional<PeerId> taker_of(const Claim& claim, const std::optional<PeerId>& before) {
  if (before && std::ranges::find(claim.by, *before) != claim.by.end()) return before;
  if (before && !claim.pinned) return std::nullopt;
  return claim.by.front();
}

std::string text_of(const CatalogEntry& entry, const PeerId& publisher) {
  const auto named = std::ranges::find(entry.publishers, publisher, &proto::Publisher::id);
  if (named == entry.publishers.end()) return to_text(publisher);
  return proto::printable(named->name) + " (" + to_text(publisher) + ')';
}

} // namespace p2pd::transfer
