// The catalog, asked about single holders.
#include "daemon/tracker/catalog.hpp"
#include "proto/cursor.hpp"

#include <algorithm>
#include <set>

namespace p2pd::tracker {

proto::ChunkMap Catalog::chunk_map(const ContentId& content, std::string_view cursor,
                                   std::size_t room) const {
  constexpr std::size_t head = 320; // bytes that a holder takes besides its bitmap, at most
  proto::ChunkMap map;
  const auto found = contents_.find(content);
  if (found == contents_.end()) return map;
  const Holders& known = found->second.holders;
  map.rarest = known.rarest();
  using Having = std::pair<PeerId, const proto::ChunkSet*>; // null: all
  std::vector<Having> holders;
  known.each([&](const Holder& holder, const proto::ChunkSet* part) {
    const bool holds = part == nullptr || !part->empty();
    if (holds && proto::is_behind(cursor, *holder.id)) holders.emplace_back(*holder.id, part);
  });
  // A page, and one more that shows whether that is all.
  const std::size_t count = std::min(holders.size(), map.holders.max + 1);
  std::ranges::partial_sort(holders, holders.begin() + static_cast<std::ptrdiff_t>(count), {},
                            &Having::first);
  for (const auto& [peer, part] : std::span(holders).first(count)) {
    proto::Holder holder{peer, describe_(peer).name, part == nullptr, {}};
    if (!holder.whole) holder.have.bits = part->bits();
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

std::optional<CatalogEntry> Catalog::offer(const PeerId& peer, const ContentId& id) const {
  const auto found = contents_.find(id);
  const auto holder = holders_.find(peer);
  if (found == contents_.end() || holder == holders_.end()) return std::nullopt;
  const Content& content = found->second;
  const std::string* name = nullptr;
  bool claimed = false;
  for (const Holders::Use& use : content.holders.uses_of(holder->second)) {
    const std::string& other = *use.label->name;
    if (name == nullptr || use.claim > claimed || (use.claim == claimed && other < *name))
      name = &other;
    claimed = claimed || use.claim;
  }
  const bool whole = content.holders.part_of(holder->second) == nullptr;
  if (name == nullptr || (!claimed && !whole)) return std::nullopt;
  CatalogEntry entry;
  entry.content = id;
  entry.name.bytes = *name;
  entry.size = content.size;
  entry.chunk_size = content.chunk_size;
  return entry;
}

proto::Shared Catalog::shared_by(const PeerId& peer, std::string_view cursor,
                                 std::size_t limit) const {
  proto::Shared page;
  const auto holder = holders_.find(peer);
  if (holder == holders_.end()) return page;
  std::vector<const Content*> contents;
  for (const Content* const content : holder->second.contents)
    if (proto::is_behind(cursor, *content->id)) contents.push_back(content);
  const std::size_t count = std::min(contents.size(), limit);
  std::ranges::partial_sort(contents, contents.begin() + static_cast<std::ptrdiff_t>(count), {},
                            [](const Content* content) { return *content->id; });
  for (std::size_t i = 0; i < count; ++i) {
    const Content& content = *contents[i];
    std::set<std::string_view> names;
    for (const Holders::Use& use : content.holders.uses_of(holder->second))
      names.insert(*use.label->name);
    for (const std::string_view name : names)
      if (page.files.size() < page.files.max)
        page.files.push_back(
            {*content.id, {std::string(name)}, {}, content.size, content.chunk_size});
  }
  if (count < contents.size()) page.next = proto::cursor_behind(*contents[count - 1]->id);
  return page;
}

std::vector<proto::Publish> Catalog::told_by(const PeerId& peer) const {
  std::vector<proto::Publish> told;
  const auto holder = holders_.find(peer);
  if (holder == holders_.end()) return told;
  for (const Content* const content : holder->second.contents) {
    const proto::ChunkSet* const part = content->holders.part_of(holder->second);
    for (const Holders::Use& use : content->holders.uses_of(holder->second)) {
      proto::Publish& one = told.emplace_back();
      one.content = *content->id;
      one.name.bytes = *use.label->name;
      one.size = content->size;
      one.chunk_size = content->chunk_size;
      one.claim = use.claim;
      one.whole = part == nullptr;
      if (part != nullptr) one.have.bits = part->bits();
    }
  }
  return told;
}

std::size_t Catalog::pairs() const {
  std::size_t sum = 0;
  for (const auto& [id, holder] : holders_) sum += holder.contents.size();
  return sum;
}

} // namespace p2pd::tracker
