#include "daemon/peer/library.hpp"

#include <cassert>
#include <ctime>

namespace p2pd::peer {

Item item_of(const ContentId& id, std::shared_ptr<const Content> content, proto::ChunkSet have) {
  Item item;
  item.id = id;
  item.size = content->manifest->size;
  item.chunk_size = content->manifest->chunk_size;
  item.added = item.verified = std::time(nullptr);
  item.have = std::move(have);
  item.content = std::move(content);
  return item;
}

std::vector<disk::LibraryRecord> records_of(const Item& item) {
  std::vector<disk::LibraryRecord> records;
  for (const auto& [name, claim] : item.names)
    records.push_back({.content = item.id,
                       .path = item.path.string(),
                       .name = name,
                       .claim = claim,
                       .size = item.size,
                       .chunk_size = item.chunk_size,
                       .added = item.added,
                       .verified = item.verified,
                       .only = item.only});
  return records;
}

Item* Library::find(const ContentId& content) {
  const auto found = items_.find(content);
  return found == items_.end() ? nullptr : &found->second;
}

std::vector<const Item*> Library::find(std::string_view word) const {
  std::vector<const Item*> named;
  std::vector<const Item*> prefixed;
  for (const auto& [id, item] : items_) {
    if (item.names.contains(word)) named.push_back(&item);
    if (!word.empty() && to_text(id).starts_with(word)) prefixed.push_back(&item);
  }
  return named.empty() ? prefixed : named;
}

Item* Library::at(const std::filesystem::path& path) {
  for (auto& [id, item] : items_)
    if (item.path == path) return &item;
  return nullptr;
}

Item& Library::add(Item item) {
  const auto [at, is_new] = items_.try_emplace(item.id, std::move(item));
  assert(is_new);
  return at->second;
}

// A node claims a name for one content at a time; the earlier content stays, under no claim.
void Library::name(Item& item, const std::string& name, bool claim) {
  if (claim)
    for (auto& [id, other] : items_)
      if (const auto use = other.names.find(name); use != other.names.end() && &other != &item)
        use->second = false;
  item.names[name] |= claim;
}

void Library::gained(Item& item, ChunkIndex chunk) {
  if (!item.have.add(chunk)) return;
  for (LibraryListener* listener : listeners_) listener->on_gained(item, chunk);
}

void Library::lost(Item& item, proto::ChunkSet have) {
  item.have = std::move(have);
  for (LibraryListener* listener : listeners_) listener->on_lost(item);
}

void Library::remove(const ContentId& content) {
  if (items_.erase(content) == 0) return;
  for (LibraryListener* listener : listeners_) listener->on_removed(content);
}

} // namespace p2pd::peer
