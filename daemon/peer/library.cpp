#include "daemon/peer/library.hpp"

#include <cassert>

namespace p2pd::peer {

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

const Item* Library::at(const std::filesystem::path& path) const {
  for (const auto& [id, item] : items_)
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

void Library::remove(const ContentId& content) {
  if (items_.erase(content) == 0) return;
  for (LibraryListener* listener : listeners_) listener->on_removed(content);
}

} // namespace p2pd::peer
