#include "daemon/tracker/catalog.hpp"

#include "daemon/tracker/pattern.hpp"
#include "proto/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <limits>

namespace p2pd::tracker {

namespace {

// The position of a row in the list: its name and shape. Names contain no NUL.
std::string cursor_of(const std::string& name, const Shape& shape) {
  return fmt::format("{}{}{}{}.{}", name, '\0', proto::text(shape.id.bytes), shape.size,
                     shape.chunk_size);
}

std::pair<std::string, Shape> parse_cursor(std::string_view cursor) {
  const proto::Error malformed("a malformed cursor");
  const std::size_t split = cursor.find('\0');
  Shape shape;
  if (split == std::string_view::npos || cursor.size() - split - 1 < shape.id.bytes.size())
    throw malformed;
  const proto::View id = proto::view(cursor.substr(split + 1, shape.id.bytes.size()));
  std::copy(id.begin(), id.end(), shape.id.bytes.begin());
  const char* at = cursor.data() + split + 1 + shape.id.bytes.size();
  const char* const end = cursor.data() + cursor.size();
  const auto size = std::from_chars(at, end, shape.size);
  if (size.ec != std::errc() || size.ptr == end || *size.ptr != '.') throw malformed;
  const auto chunk_size = std::from_chars(size.ptr + 1, end, shape.chunk_size);
  if (chunk_size.ec != std::errc() || chunk_size.ptr != end) throw malformed;
  return {std::string(cursor.substr(0, split)), shape};
}

// The greatest possible shape.
Shape last_shape() {
  Shape last;
  last.id.bytes.fill(0xff);
  last.size = std::numeric_limits<std::uint64_t>::max();
  last.chunk_size = std::numeric_limits<std::uint32_t>::max();
  return last;
}

} // namespace

std::uint32_t chunks_of(const AnnouncedContent& content) {
  return static_cast<std::uint32_t>(proto::chunk_count(content.size, content.chunk_size));
}

bool Label::claimed() const {
  return std::ranges::any_of(uses, [](const Uses& use) { return use.claims > 0; });
}

Shape shape_of(const AnnouncedContent& content) {
  return {*content.id, content.size, content.chunk_size};
}

std::vector<Label::Uses>::iterator Label::place(const AnnouncedContent& content) {
  return std::ranges::lower_bound(uses, shape_of(content), {},
                                  [](const Uses& use) { return shape_of(*use.content); });
}

Catalog::Row Catalog::enter(const proto::Publish& what) {
  const Shape shape{what.content, what.size, what.chunk_size};
  const auto first = contents_.lower_bound({what.content, 0, 0});
  const auto is_other = [&](Contents::iterator at) {
    return at != contents_.end() && at->first.id == what.content && at->first != shape;
  };
  const auto at = contents_.try_emplace(first, shape);
  AnnouncedContent& content = at->second;
  content.id = &at->first.id;
  content.size = what.size;
  content.chunk_size = what.chunk_size;
  return {content, !is_other(first) && !is_other(std::next(at))};
}

const AnnouncedContent* Catalog::held_by(const Holder& holder, const ContentId& id) const {
  const AnnouncedContent* held = nullptr;
  each_of(id, [&](const AnnouncedContent& content) {
    if (!content.holders.uses_of(holder).empty()) held = &content;
    return held == nullptr;
  });
  return held;
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

Catalog::Change Catalog::publish(const PeerId& peer, const proto::Publish& what,
                                 const net::Whence& from) {
  proto::check_shape(what.size, what.chunk_size);
  const auto chunks = static_cast<std::uint32_t>(proto::chunk_count(what.size, what.chunk_size));
  std::optional<proto::ChunkSet> part;
  if (!what.whole) part = proto::ChunkSet::from(what.have.bits, chunks);
  const auto known = holders_.find(peer);
  const bool is_known = known != holders_.end();
  if (const auto refusal =
          quotas_.refusal(is_known ? known->second.from : from, is_known ? known->second.bytes : 0);
      !refusal.empty())
    throw proto::Error(std::string(refusal));
  const auto [content, alone] = enter(what);
  if (!alone && is_known)
    if (AnnouncedContent* const before = held_by(known->second, what.content);
        before != nullptr && before != &content)
      withdraw(peer, *before);
  Holder& who = holder(peer);
  if (who.contents.empty()) who.from = from;
  const std::size_t before = content.holders.bytes_of(who);
  Label& name = label(what.name.bytes);
  if (content.holders.uses_of(who).empty())
    who.contents.insert(std::ranges::lower_bound(who.contents, &content), &content);
  if (content.holders.enter(who, name)) {
    const auto uses = name.place(content);
    if (uses != name.uses.end() && uses->content == &content)
      ++uses->all;
    else
      name.uses.insert(uses, {&content, 1, 0});
  }
  Change change;
  change.completed = content.holders.told(who, std::move(part));
  count(who, before, content.holders.bytes_of(who));
  Holders::Use& use = *content.holders.find(who, name);
  change.claimed = what.claim && !use.claim;
  if (change.claimed) claim(name, content, use);
  return change;
}

void Catalog::count(Holder& holder, std::size_t before, std::size_t now) {
  holder.bytes += now - before;
  quotas_.changed(holder.from, before, now);
}

// A node claims a name for one content at a time.
void Catalog::claim(Label& label, AnnouncedContent& content, Holders::Use& use) {
  for (Label::Uses& uses : label.uses) {
    if (uses.claims == 0) continue;
    Holders::Use* const earlier = uses.content->holders.find(*use.holder, label);
    if (earlier == nullptr || !earlier->claim) continue;
    earlier->claim = false;
    --uses.claims;
  }
  use.claim = true;
  ++label.place(content)->claims;
}

void Catalog::remove(AnnouncedContent& content, Holder& holder) {
  count(holder, content.holders.bytes_of(holder), 0);
  for (const Holders::Use& use : content.holders.uses_of(holder)) {
    Label& label = *use.label;
    const auto uses = label.place(content);
    uses->claims -= use.claim ? 1 : 0;
    if (--uses->all == 0) label.uses.erase(uses);
    if (label.uses.empty()) labels_.erase(labels_.find(*label.name));
  }
  content.holders.leave(holder);
  if (content.holders.empty()) contents_.erase(shape_of(content));
}

bool Catalog::unpublish(const PeerId& peer, const ContentId& id) {
  const auto holder = holders_.find(peer);
  if (holder == holders_.end()) return false;
  AnnouncedContent* const content = held_by(holder->second, id);
  if (content != nullptr) withdraw(peer, *content);
  return content != nullptr;
}

void Catalog::withdraw(const PeerId& peer, AnnouncedContent& content) {
  const auto holder = holders_.find(peer);
  std::vector<AnnouncedContent*>& had = holder->second.contents;
  had.erase(std::ranges::lower_bound(had, &content));
  remove(content, holder->second);
  if (had.empty()) holders_.erase(holder);
}

Catalog::Change Catalog::arrived(const PeerId& peer, const proto::Arrived& what) {
  const auto holder = holders_.find(peer);
  AnnouncedContent* const found =
      holder == holders_.end() ? nullptr : held_by(holder->second, what.content);
  if (found == nullptr) return {}; // withdrawn meanwhile
  AnnouncedContent& content = *found;
  Holder& who = holder->second;
  const std::size_t before = content.holders.bytes_of(who);
  const Change change{.completed = content.holders.gained(who, what.chunks, chunks_of(content))};
  count(who, before, content.holders.bytes_of(who));
  return change;
}

void Catalog::drop(const PeerId& peer) {
  const auto holder = holders_.find(peer);
  if (holder == holders_.end()) return;
  for (AnnouncedContent* const content : holder->second.contents) remove(*content, holder->second);
  holders_.erase(holder);
}

CatalogEntry Catalog::row(const Label& label, const AnnouncedContent& content) const {
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

Catalog::Page Catalog::list(std::string_view text, std::string_view cursor, std::size_t limit,
                            std::size_t work) const {
  const Pattern pattern(text);
  Page page;
  std::string last;                    // the last row of a full page
  const std::string* passed = nullptr; // the last name looked at when the work was used up
  auto at = labels_.lower_bound(pattern.beginning());
  std::optional<std::pair<std::string, Shape>> after;
  if (!cursor.empty()) {
    after = parse_cursor(cursor);
    at = after->second == last_shape() ? labels_.upper_bound(after->first)
                                       : labels_.lower_bound(after->first);
  }
  for (; at != labels_.end(); ++at) {
    const auto& [name, label] = *at;
    if (!name.starts_with(pattern.beginning())) break;
    if (work < pattern.cost() && passed != nullptr) {
      page.next = cursor_of(*passed, last_shape());
      return page;
    }
    work -= std::min(work, pattern.cost());
    passed = &name;
    if (!text.empty() && !pattern.matches(name)) continue;
    for (const Label::Uses& uses : label.uses) {
      if (after && after->first == name && shape_of(*uses.content) <= after->second) continue;
      if (page.rows.size() == limit) {
        page.next = last;
        return page;
      }
      page.rows.push_back(row(label, *uses.content));
      last = cursor_of(name, shape_of(*uses.content));
    }
  }
  return page;
}

std::vector<CatalogEntry> Catalog::find(std::string_view word, std::size_t limit) const {
  // A whole id means its content, even if others use it as a name.
  std::vector<CatalogEntry> rows;
  if (proto::content_id(word)) add_by_id(word, limit, rows);
  if (const auto named = labels_.find(word); named != labels_.end()) {
    for (const Label::Uses& uses : named->second.uses)
      if (rows.size() < limit) rows.push_back(row(named->second, *uses.content));
  } else if (rows.empty()) {
    add_by_id(word, limit, rows);
  }
  return rows;
}

void Catalog::add_by_id(std::string_view beginning, std::size_t limit,
                        std::vector<CatalogEntry>& rows) const {
  if (beginning.empty() || beginning.size() > 2 * ContentId::size) return;
  // The first id that could have this prefix, then all that do.
  std::string padded(beginning);
  padded.resize(2 * ContentId::size, '0');
  const auto lowest = proto::content_id(padded);
  if (!lowest) return;
  for (auto at = contents_.lower_bound({*lowest, 0, 0});
       at != contents_.end() && rows.size() < limit; ++at) {
    const auto& [shape, content] = *at;
    if (!to_text(shape.id).starts_with(beginning)) break;
    rows.push_back(row(*content.holders.uses().front().label, content));
  }
}

} // namespace p2pd::tracker
