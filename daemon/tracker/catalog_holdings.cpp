// The catalog, asked about single holders.
#include "daemon/tracker/catalog.hpp"
#include "proto/chunk_copies.hpp"
#include "proto/manifest.hpp"

#include <algorithm>

namespace p2pd::tracker {

namespace {

// The id behind which a page begins: 32 bytes, or none for the first.
template <class Id>
Id id_at(std::string_view cursor) {
  Id id{};
  if (cursor.empty()) return id;
  if (cursor.size() != id.bytes.size()) throw proto::Error("a malformed cursor");
  const proto::View bytes = proto::view(cursor);
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

} // namespace

proto::ChunkMap Catalog::chunk_map(const ContentId& content, std::string_view cursor,
                                   std::size_t room) const {
  constexpr std::size_t head = 320; // bytes that a holder takes besides its bitmap, at most
  const PeerId after = id_at<PeerId>(cursor);
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
    if (holds && (cursor.empty() || after < peer)) holders.push_back(peer);
  }
  map.rarest = copies.rarest();
  std::ranges::sort(holders);
  for (const PeerId& peer : holders) {
    const proto::ChunkSet& have = known.holders.at(peer).have;
    proto::Holder holder{peer, describe_(peer).name, have.full(), {}};
    if (!holder.whole) holder.have.bits = have.bits();
    const std::size_t size = head + holder.have.bits.size();
    if (size > room || map.holders.size() == map.holders.max) {
      map.next = std::string(proto::text(map.holders.back().id.bytes));
      break;
    }
    room -= size;
    map.holders.push_back(std::move(holder));
  }
  return map;
}

} // namespace p2pd::tracker
