#include "daemon/tracker/catalog.hpp"

#include "proto/manifest.hpp"

#include <algorithm>
#include <fnmatch.h>

namespace p2pd::tracker {

namespace {

// A pattern without wildcards is a substring.
bool matches(std::string_view pattern, const std::string& name) {
  if (pattern.find_first_of("*?[") == std::string_view::npos)
    return name.find(pattern) != std::string::npos;
  return fnmatch(std::string(pattern).c_str(), name.c_str(), 0) == 0;
}

// A row's place in the list: its name and id. Names hold no NUL.
std::string cursor_of(const std::string& name, const ContentId& content) {
  return name + '\0' + std::string(proto::text(content.bytes));
}

std::pair<std::string, ContentId> parse_cursor(std::string_view cursor) {
  const std::size_t split = cursor.find('\0');
  ContentId content;
  if (split == std::string_view::npos || cursor.size() - split - 1 != content.bytes.size())
    throw proto::Error("a malformed cursor");
  const proto::View id = proto::view(cursor.substr(split + 1));
  std::copy(id.begin(), id.end(), content.bytes.begin());
  return {std::string(cursor.substr(0, split)), content};
}

} // namespace

Catalog::Content& Catalog::enter(const proto::Publish& what) {
  const auto [at, is_new] =
      contents_.try_emplace(what.content, Content{what.size, what.chunk_size, {}});
  if (at->second.size != what.size || at->second.chunk_size != what.chunk_size)
    throw proto::Error("others know this content with another size");
  return at->second;
}

Catalog::Change Catalog::publish(const PeerId& peer, const proto::Publish& what) {
  proto::check_shape(what.size, what.chunk_size);
  const auto chunks = static_cast<std::uint32_t>(proto::chunk_count(what.size, what.chunk_size));
  proto::ChunkSet have =
      what.whole ? proto::ChunkSet(chunks, true) : proto::ChunkSet::from(what.have.bits, chunks);
  Content& content = enter(what);
  const auto [held, is_first] = content.holders.try_emplace(peer);
  Holding& holding = held->second;
  Change change;
  change.completed = !is_first && !holding.have.full() && have.full();
  holding.have = std::move(have);
  by_peer_[peer].insert(what.content);
  const auto [name, is_new] = holding.names.try_emplace(what.name.bytes, false);
  Uses& uses = by_name_[what.name.bytes][what.content];
  if (is_new) ++uses.all;
  if (!what.claim || name->second) return change;
  name->second = change.claimed = true;
  ++uses.claims;
  release_claim(peer, what.name.bytes, what.content);
  return change;
}

// A node claims a name for one content at a time.
void Catalog::release_claim(const PeerId& peer, const std::string& name, const ContentId& but) {
  for (auto& [id, uses] : by_name_.at(name)) {
    if (id == but || uses.claims == 0) continue;
    auto& holders = contents_.at(id).holders;
    const auto held = holders.find(peer);
    if (held == holders.end()) continue;
    if (const auto use = held->second.names.find(name);
        use != held->second.names.end() && use->second) {
      use->second = false;
      --uses.claims;
    }
  }
}

void Catalog::forget_names(const ContentId& content, const Holding& holding) {
  for (const auto& [name, claimed] : holding.names) {
    const auto named = by_name_.find(name);
    const auto uses = named->second.find(content);
    uses->second.claims -= claimed ? 1 : 0;
    if (--uses->second.all == 0) named->second.erase(uses);
    if (named->second.empty()) by_name_.erase(named);
  }
}

void Catalog::remove_holding(Contents::iterator content, const PeerId& peer) {
  const auto holding = content->second.holders.find(peer);
  forget_names(content->first, holding->second);
  content->second.holders.erase(holding);
  if (content->second.holders.empty()) contents_.erase(content);
}

bool Catalog::unpublish(const PeerId& peer, const ContentId& content) {
  const auto owned = by_peer_.find(peer);
  if (owned == by_peer_.end() || owned->second.erase(content) == 0) return false;
  remove_holding(contents_.find(content), peer);
  if (owned->second.empty()) by_peer_.erase(owned);
  return true;
}

Catalog::Change Catalog::arrived(const PeerId& peer, const proto::Arrived& what) {
  const auto content = contents_.find(what.content);
  if (content == contents_.end()) return {}; // it was withdrawn in the meantime
  const auto holding = content->second.holders.find(peer);
  if (holding == content->second.holders.end()) return {};
  proto::ChunkSet& have = holding->second.have;
  const bool was_full = have.full();
  for (const proto::ChunkIndex chunk : what.chunks) {
    if (number(chunk) >= have.chunks()) throw proto::Error("a chunk beyond its content");
    have.add(chunk);
  }
  return {.completed = !was_full && have.full()};
}

void Catalog::drop(const PeerId& peer) {
  const auto owned = by_peer_.extract(peer);
  if (owned.empty()) return;
  for (const ContentId& content : owned.mapped()) remove_holding(contents_.find(content), peer);
}

CatalogEntry Catalog::row(const Contents::value_type& content, const std::string& name) const {
  CatalogEntry entry;
  entry.content = content.first;
  entry.name.bytes = name;
  entry.size = content.second.size;
  entry.chunk_size = content.second.chunk_size;
  for (const auto& [peer, holding] : content.second.holders) {
    if (holding.have.full())
      ++entry.sources;
    else if (!holding.have.empty())
      ++entry.partial;
    const auto use = holding.names.find(name);
    if (use == holding.names.end() || !use->second) continue;
    ++entry.publishers_total;
    if (entry.publishers.size() < entry.publishers.max) entry.publishers.push_back(describe_(peer));
  }
  return entry;
}

CatalogEntry Catalog::row(const std::string& name, const NameUses& uses,
                          const ContentId& content) const {
  CatalogEntry entry = row(*contents_.find(content), name);
  const bool claimed =
      std::ranges::any_of(uses, [](const auto& use) { return use.second.claims > 0; });
  if (claimed && uses.at(content).claims == 0) entry.name.bytes = to_text(content);
  return entry;
}

Catalog::Page Catalog::list(std::string_view pattern, std::string_view cursor,
                            std::size_t limit) const {
  Page page;
  std::string last; // where the page ends
  auto name = by_name_.begin();
  std::optional<std::pair<std::string, ContentId>> after;
  if (!cursor.empty()) {
    after = parse_cursor(cursor);
    name = by_name_.lower_bound(after->first);
  }
  for (; name != by_name_.end(); ++name) {
    if (!pattern.empty() && !matches(pattern, name->first)) continue;
    auto content = after && after->first == name->first ? name->second.upper_bound(after->second)
                                                        : name->second.begin();
    for (; content != name->second.end(); ++content) {
      if (page.rows.size() == limit) {
        page.next = last;
        return page;
      }
      page.rows.push_back(row(name->first, name->second, content->first));
      last = cursor_of(name->first, content->first);
    }
  }
  return page;
}

std::vector<CatalogEntry> Catalog::find(std::string_view word, std::size_t limit) const {
  std::vector<CatalogEntry> rows;
  if (const auto named = by_name_.find(word); named != by_name_.end()) {
    for (const auto& [content, uses] : named->second)
      if (rows.size() < limit) rows.push_back(row(named->first, named->second, content));
    return rows;
  }
  if (word.empty() || word.size() > 2 * ContentId::size) return rows;
  // The first id that could begin with these digits, then all that do.
  std::string padded(word);
  padded.resize(2 * ContentId::size, '0');
  const auto lowest = proto::content_id(padded);
  if (!lowest) return rows;
  for (auto at = contents_.lower_bound(*lowest); at != contents_.end() && rows.size() < limit;
       ++at) {
    if (!to_text(at->first).starts_with(word)) break;
    const auto& holders = at->second.holders;
    rows.push_back(row(*at, holders.begin()->second.names.begin()->first));
  }
  return rows;
}

} // namespace p2pd::tracker
