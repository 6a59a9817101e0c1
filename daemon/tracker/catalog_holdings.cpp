// The catalog: queries about single holders.
#include "daemon/tracker/catalog.hpp"
#include "proto/cursor.hpp"

#include <algorithm>
#include <set>

namespace p2pd::tracker {

proto::ChunkMap Catalog::chunk_map(const ContentId& content, std::string_view cursor,
                                   std::size_t room) const {
  constexpr std::size_t head = 320; // most bytes of a holder without its bitmap
  proto::ChunkMap map;
  // The shape that most holders announce.
  const AnnouncedContent* found = nullptr;
  each_of(content, [&](const AnnouncedContent& one) {
    if (found == nullptr || one.holders.uses().size() > found->holders.uses().size()) found = &one;
    return true;
  });
  if (found == nullptr) return map;
  const Holders& known = found->holders;
  map.rarest = known.rarest();
  using Having = std::pair<PeerId, const proto::ChunkSet*>; // null: all
  std::vector<Having> holders;
  known.each([&](const Holder& holder, const proto::ChunkSet* part) {
    const bool holds = part == nullptr || !part->empty();
    if (holds && proto::is_behind(cursor, *holder.id)) holders.emplace_back(*holder.id, part);
  });
  // One page, and one more holder that shows whether there are others.
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
  const auto holder = holders_.find(peer);
  const AnnouncedContent* const found =
      holder == holders_.end() ? nullptr : held_by(holder->second, id);
  if (found == nullptr) return std::nullopt;
  const AnnouncedContent& content = *found;
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
  std::string next;
  for (const AnnouncedContent* const one : contents_of(holder->second, cursor, limit, next)) {
    const AnnouncedContent& content = *one;
    std::set<std::string_view> names;
    for (const Holders::Use& use : content.holders.uses_of(holder->second))
      names.insert(*use.label->name);
    for (const std::string_view name : names)
      if (page.files.size() < page.files.max)
        page.files.push_back(
            {*content.id, {std::string(name)}, {}, content.size, content.chunk_size});
  }
  page.next = std::move(next);
  return page;
}

// A holder's contents are ordered by address; if they are many, all contents are traversed instead,
// which are ordered by id.
std::vector<const AnnouncedContent*> Catalog::contents_of(const Holder& holder,
                                                          std::string_view cursor,
                                                          std::size_t limit,
                                                          std::string& next) const {
  constexpr std::size_t many = 2048;
  std::vector<const AnnouncedContent*> contents;
  if (holder.contents.size() <= many) {
    for (const AnnouncedContent* const content : holder.contents)
      if (proto::is_behind(cursor, *content->id)) contents.push_back(content);
    const std::size_t count = std::min(contents.size(), limit);
    std::ranges::partial_sort(contents, contents.begin() + static_cast<std::ptrdiff_t>(count), {},
                              [](const AnnouncedContent* content) { return *content->id; });
    if (count < contents.size()) next = proto::cursor_behind(*contents[count - 1]->id);
    contents.resize(count);
    return contents;
  }
  ContentId behind;
  if (!cursor.empty() && cursor.size() != behind.bytes.size())
    throw proto::Error("a malformed cursor");
  std::ranges::copy(proto::view(cursor), behind.bytes.begin());
  std::size_t work = most_work / 4;
  for (auto at = contents_.lower_bound({behind, 0, 0}); at != contents_.end(); ++at) {
    const auto& [shape, content] = *at;
    if (!proto::is_behind(cursor, shape.id)) continue;
    if (contents.size() == limit || work-- == 0) return contents;
    next = proto::cursor_behind(shape.id);
    if (!content.holders.uses_of(holder).empty()) contents.push_back(&content);
  }
  next.clear();
  return contents;
}

std::vector<proto::Publish> Catalog::told_by(const PeerId& peer) const {
  std::vector<proto::Publish> told;
  const auto holder = holders_.find(peer);
  if (holder == holders_.end()) return told;
  for (const AnnouncedContent* const content : holder->second.contents) {
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
