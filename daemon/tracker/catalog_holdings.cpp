// The catalog, asked about single holders.
#include "daemon/tracker/catalog.hpp"
#include "proto/chunk_copies.hpp"
#include "proto/cursor.hpp"
#include "proto/manifest.hpp"

#include <algorithm>

namespace p2pd::tracker {

proto::ChunkMap Catalog::chunk_map(const ContentId& content, std::string_view cursor,
                                   std::size_t room) const {
  constexpr std::size_t head = 320; // bytes that a holder takes besides its bitmap, at most
  proto::ChunkMap map;
  const auto found = contents_.find(content);
  if (found == contents_.end()) return map;
  const auto& [id, known] = *found;
  proto::ChunkCopies copies(
      static_cast<std::uint32_t>(proto::chunk_count(known.size, known.chunk_size)));
  std::vector<PeerId> holders;
  for (const auto& [peer, holding] : known.holders) {
    copies.add(holding.have);
    const bool holds = holding.have.full() || !holding.have.empty();
    if (holds && proto::is_behind(cursor, peer)) holders.push_back(peer);
  }
  map.rarest = copies.rarest();
  std::ranges::sort(holders);
  for (const PeerId& peer : holders) {
    const proto::ChunkSet& have = known.holders.at(peer).have;
    proto::Holder holder{peer, describe_(peer).name, have.full(), {}};
    if (!holder.whole) holder.have.bits = have.bits();
    const std::size_t size = head + holder.have.bits.size();
    if (size > room || map.holders.size() == map.holders.max) {
      map.next = proto::cursor_behind(map.holders.back().id);
      break;
    }
    room -= size;
    map.holders.push_back(std::move(holder));
  }
  return map;
}

std::optional<CatalogEntry> Catalog::offer(const PeerId& peer, const ContentId& content) const {
  const auto found = contents_.find(content);
  if (found == contents_.end()) return std::nullopt;
  const auto held = found->second.holders.find(peer);
  if (held == found->second.holders.end()) return std::nullopt;
  const auto& names = held->second.names;
  const auto claimed = std::ranges::find_if(names, [](const auto& name) { return name.second; });
  if (claimed == names.end() && !held->second.have.full()) return std::nullopt;
  CatalogEntry entry;
  entry.content = content;
  entry.name.bytes = (claimed == names.end() ? names.begin() : claimed)->first;
  entry.size = found->second.size;
  entry.chunk_size = found->second.chunk_size;
  return entry;
}

proto::Shared Catalog::shared_by(const PeerId& peer, std::string_view cursor,
                                 std::size_t limit) const {
  proto::Shared page;
  const auto owned = by_peer_.find(peer);
  if (owned == by_peer_.end()) return page;
  std::vector<ContentId> contents;
  for (const ContentId& content : owned->second)
    if (proto::is_behind(cursor, content)) contents.push_back(content);
  const std::size_t count = std::min(contents.size(), limit);
  std::ranges::partial_sort(contents, contents.begin() + static_cast<std::ptrdiff_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const Content& content = contents_.at(contents[i]);
    for (const auto& [name, claimed] : content.holders.at(peer).names)
      if (page.files.size() < page.files.max)
        page.files.push_back({contents[i], {name}, {}, content.size, content.chunk_size});
  }
  if (count < contents.size()) page.next = proto::cursor_behind(contents[count - 1]);
  return page;
}

} // namespace p2pd::tracker
