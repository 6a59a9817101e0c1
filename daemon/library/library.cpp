#include "daemon/library/library.hpp"

#include <cassert>
#include <ctime>

namespace p2pd::library {

Item item_of(const ContentId& id, std::shared_ptr<const OpenContent> content,
             proto::ChunkSet have) {
  Item item;
  item.id = id;
  item.size = content->manifest->size;
  item.chunk_size = content->manifest->chunk_size;
  item.tree = !content->manifest->single_file();
  item.added = item.verified = std::time(nullptr);
  item.have = std::move(have);
  item.content = std::move(content);
  return item;
}

std::vector<state::LibraryRecord> records_of(const Item& item) {
  std::vector<state::LibraryRecord> records;
  for (const auto& [name, claim] : item.names)
    records.push_back({.content = item.id,
                       .path = item.path.string(),
                       .name = name,
                       .claim = claim,
                       .size = item.size,
                       .chunk_size = item.chunk_size,
                       .added = item.added,
                       .verified = item.verified,
                       .tree = item.tree,
                       .only = item.only,
                       .system = item.system,
                       .written = item.written});
  return records;
}

Item* Library::find(const ContentId& content) {
  const auto found = items_.find(content);
  return found == items_.end() ? nullptr : &found->second;
}

std::vector<const Item*> Library::find(std::string_view word) const {
  std::vector<const Item*> found;
  if (const auto whole = proto::content_id(word))
    if (const auto at = items_.find(*whole); at != items_.end()) found.push_back(&at->second);
  if (const auto named = by_name_.find(word); named != by_name_.end())
    for (const ContentId& id : named->second) found.push_back(&items_.at(id));
  if (!found.empty() || word.empty()) return found;
  for (const auto& [id, item] : items_)
    if (to_text(id).starts_with(word)) found.push_back(&item);
  return found;
}

Item* Library::at(const std::filesystem::path& path) {
  const auto found = by_path_.find(path.string());
  return found == by_path_.end() ? nullptr : find(found->second.back());
}

std::vector<ContentId> Library::others_at(const std::filesystem::path& path,
                                          const ContentId& id) const {
  std::vector<ContentId> others;
  if (const auto found = by_path_.find(path.string()); found != by_path_.end())
    others = found->second;
  std::erase(others, id);
  return others;
}

void Library::index(const Item& item) {
  std::vector<ContentId>& there = by_path_[item.path.string()];
  std::erase(there, item.id);
  there.push_back(item.id);
  for (const auto& [name, claim] : item.names) by_name_[name].insert(item.id);
}

void Library::leave_path(const Item& item) {
  const auto found = by_path_.find(item.path.string());
  if (found == by_path_.end()) return;
  std::erase(found->second, item.id);
  if (found->second.empty()) by_path_.erase(found);
}

Item& Library::add(Item item) {
  const auto [at, is_new] = items_.try_emplace(item.id, std::move(item));
  assert(is_new);
  index(at->second);
  return at->second;
}

void Library::place(Item& item, const std::filesystem::path& path) {
  leave_path(item);
  item.path = path;
  index(item);
}

// A node claims a name for one content at a time; the earlier content stays, under no claim.
void Library::name(Item& item, const std::string& name, bool claim) {
  if (const auto users = by_name_.find(name); claim && users != by_name_.end())
    for (const ContentId& user : users->second)
      if (user != item.id) items_.at(user).names.at(name) = false;
  item.names[name] |= claim;
  index(item);
}

void Library::gained(Item& item, ChunkIndex chunk) {
  if (!item.have.add(chunk)) return;
  for (LibraryListener* listener : listeners_) listener->on_gained(item, chunk);
}

void Library::lost(Item& item, proto::ChunkSet have) {
  item.have = std::move(have);
  for (LibraryListener* listener : listeners_) listener->on_lost(item);
}

void Library::remove(ContentId content) {
  const auto found = items_.find(content);
  if (found == items_.end()) return;
  const Item& item = found->second;
  leave_path(item);
  for (const auto& [name, claim] : item.names) {
    const auto users = by_name_.find(name);
    users->second.erase(content);
    if (users->second.empty()) by_name_.erase(users);
  }
  items_.erase(found);
  for (LibraryListener* listener : listeners_) listener->on_removed(content);
}

} // namespace p2pd::library
