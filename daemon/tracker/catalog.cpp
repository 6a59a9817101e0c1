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

std::uint32_t chunks_of(const Content& content) {
  return static_cast<std::uint32_t>(proto::chunk_count(content.size, content.chunk_size));
}

bool Label::claimed() const {
  return std::ranges::any_of(uses, [](const Uses& use) { return use.claims > 0; });
}

std::vector<Label::Uses>::iterator Label::place(const ContentId& content) {
  return std::ranges::lower_bound(
      uses, content, {}, [](const Uses& use) -> const ContentId& { return *use.content->id; });
}

Content& Catalog::enter(const proto::Publish& what) {
  const auto [at, is_new] = contents_.try_emplace(what.content);
  Content& content = at->second;
  if (is_new) {
    content.id = &at->first;
    content.size = what.size;
    content.chunk_size = what.chunk_size;
  }
  if (content.size != what.size || content.chunk_size != what.chunk_size)
    throw proto::Error("others know this content with another size");
  return content;
}

Label& Catalog::label(const std::string& name) {
  const auto at = labels_.try_emplace(name).first;
  at->second.name = &at->first;
  return at->second;
}

Holder& Catalog::holder(const PeerId& peer) {
  const auto at = holders_.try_emplace(peer).first;
  at->second.id = &at->first;
  return at->second;
}

Catalog::Change Catalog::publish(const PeerId& peer, const proto::Publish& what) {
  proto::check_shape(what.size, what.chunk_size);
  const auto chunks = static_cast<std::uint32_t>(proto::chunk_count(what.size, what.chunk_size));
  std::optional<proto::ChunkSet> part;
  if (!what.whole) part = proto::ChunkSet::from(what.have.bits, chunks);
  if (const auto known = holders_.find(peer);
      known != holders_.end() && known->second.bytes >= most_)
    throw proto::Error("this tracker knows as much of this peer as of one there may be");
  Content& content = enter(what);
  Holder& who = holder(peer);
  const std::size_t before = content.holders.bytes_of(who);
  Label& name = label(what.name.bytes);
  if (content.holders.uses_of(who).empty())
    who.contents.insert(std::ranges::lower_bound(who.contents, &content), &content);
  if (content.holders.enter(who, name)) {
    const auto uses = name.place(*content.id);
    if (uses != name.uses.end() && uses->content == &content)
      ++uses->all;
    else
      name.uses.insert(uses, {&content, 1, 0});
  }
  Change change;
  change.completed = content.holders.told(who, std::move(part));
  who.bytes += content.holders.bytes_of(who) - before;
  Holders::Use& use = *content.holders.find(who, name);
  change.claimed = what.claim && !use.claim;
  if (change.claimed) claim(name, content, use);
  return change;
}

// A node claims a name for one content at a time.
void Catalog::claim(Label& label, Content& content, Holders::Use& use) {
  for (Label::Uses& uses : label.uses) {
    if (uses.claims == 0) continue;
    Holders::Use* const earlier = uses.content->holders.find(*use.holder, label);
    if (earlier == nullptr || !earlier->claim) continue;
    earlier->claim = false;
    --uses.claims;
  }
  use.claim = true;
  ++label.place(*content.id)->claims;
}

void Catalog::remove(Content& content, Holder& holder) {
  holder.bytes -= content.holders.bytes_of(holder);
  for (const Holders::Use& use : content.holders.uses_of(holder)) {
    Label& label = *use.label;
    const auto uses = label.place(*content.id);
    uses->claims -= use.claim ? 1 : 0;
    if (--uses->all == 0) label.uses.erase(uses);
    if (label.uses.empty()) labels_.erase(labels_.find(*label.name));
  }
  content.holders.leave(holder);
  if (content.holders.empty()) contents_.erase(contents_.find(*content.id));
}

bool Catalog::unpublish(const PeerId& peer, const ContentId& id) {
  const auto holder = holders_.find(peer);
  const auto content = contents_.find(id);
  if (holder == holders_.end() || content == contents_.end()) return false;
  std::vector<Content*>& had = holder->second.contents;
  const auto place = std::ranges::lower_bound(had, &content->second);
  if (place == had.end() || *place != &content->second) return false;
  had.erase(place);
  remove(content->second, holder->second);
  if (had.empty()) holders_.erase(holder);
  return true;
}

Catalog::Change Catalog::arrived(const PeerId& peer, const proto::Arrived& what) {
  const auto holder = holders_.find(peer);
  const auto found = contents_.find(what.content);
  if (holder == holders_.end() || found == contents_.end()) return {}; // withdrawn in the meantime
  Content& content = found->second;
  Holder& who = holder->second;
  if (content.holders.uses_of(who).empty()) return {};
  const std::size_t before = content.holders.bytes_of(who);
  const Change change{.completed = content.holders.gained(who, what.chunks, chunks_of(content))};
  who.bytes += content.holders.bytes_of(who) - before;
  return change;
}

void Catalog::drop(const PeerId& peer) {
  const auto holder = holders_.find(peer);
  if (holder == holders_.end()) return;
  for (Content* const content : holder->second.contents) remove(*content, holder->second);
  holders_.erase(holder);
}

CatalogEntry Catalog::row(const Label& label, const Content& content) const {
  CatalogEntry entry;
  entry.content = *content.id;
  entry.size = content.size;
  entry.chunk_size = content.chunk_size;
  entry.sources = content.holders.whole();
  entry.partial = content.holders.partial();
  for (const Label::Uses& uses : label.uses)
    if (uses.content == &content) entry.publishers_total = uses.claims;
  const bool by_id = entry.publishers_total == 0 && label.claimed();
  entry.name.bytes = by_id ? to_text(*content.id) : *label.name;
  const std::size_t told = std::min<std::size_t>(entry.publishers_total, entry.publishers.max);
  for (const Holders::Use& use : content.holders.uses()) {
    if (entry.publishers.size() == told) break;
    if (use.label == &label && use.claim) entry.publishers.push_back(describe_(*use.holder->id));
  }
  return entry;
}

Catalog::Page Catalog::list(std::string_view pattern, std::string_view cursor,
                            std::size_t limit) const {
  Page page;
  std::string last; // where the page ends
  auto at = labels_.begin();
  std::optional<std::pair<std::string, ContentId>> after;
  if (!cursor.empty()) {
    after = parse_cursor(cursor);
    at = labels_.lower_bound(after->first);
  }
  for (; at != labels_.end(); ++at) {
    const auto& [name, label] = *at;
    if (!pattern.empty() && !matches(pattern, name)) continue;
    for (const Label::Uses& uses : label.uses) {
      if (after && after->first == name && *uses.content->id <= after->second) continue;
      if (page.rows.size() == limit) {
        page.next = last;
        return page;
      }
      page.rows.push_back(row(label, *uses.content));
      last = cursor_of(name, *uses.content->id);
    }
  }
  return page;
}

std::vector<CatalogEntry> Catalog::find(std::string_view word, std::size_t limit) const {
  std::vector<CatalogEntry> rows;
  if (const auto named = labels_.find(word); named != labels_.end()) {
    for (const Label::Uses& uses : named->second.uses)
      if (rows.size() < limit) rows.push_back(row(named->second, *uses.content));
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
    const auto& [id, content] = *at;
    if (!to_text(id).starts_with(word)) break;
    rows.push_back(row(*content.holders.uses().front().label, content));
  }
  return rows;
}

} // namespace p2pd::tracker
