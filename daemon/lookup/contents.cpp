#include "daemon/lookup/contents.hpp"

#include "proto/units.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <set>
#include <tuple>

namespace p2pd::lookup {

namespace {

using proto::ContentId;
using Rows = std::vector<CatalogEntry>;

// As few digits of an id as people can tell apart.
std::string brief(const ContentId& id) {
  return to_text(id).substr(0, 12);
}

std::string described(const CatalogEntry& row) {
  std::string from = "nobody claims it";
  if (!row.publishers.empty()) {
    from = "from " + proto::printable(row.publishers.front().name);
    if (row.publishers_total > 1) from += fmt::format(" and {} more", row.publishers_total - 1);
  }
  return fmt::format("{} ({} bytes, {})", brief(row.content), row.size, from);
}

ControlError ambiguous(const Rows& rows, std::string_view word) {
  ControlError failure{proto::ExitCode::failed, quoted(word) + " is several contents: ", ""};
  std::string example;
  for (const CatalogEntry& row : rows) {
    failure.message += (&row == &rows.front() ? "" : ", ") + described(row);
    if (example.empty() && !row.publishers.empty() && row.name.bytes == word)
      example = fmt::format(" or as {}@{}", proto::printable(word),
                            proto::printable(row.publishers.front().name));
  }
  failure.remedy = "name one by its id" + example;
  return failure;
}

template <class Test>
Rows rows_where(const Rows& rows, Test&& test) {
  Rows kept;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(kept), test);
  return kept;
}

// Under this name: those that somebody claims go before those that are merely in use.
Rows named(const Rows& rows, std::string_view name) {
  Rows found = rows_where(rows, [&](const auto& row) { return row.name.bytes == name; });
  Rows claimed = rows_where(found, [](const auto& row) { return !row.publishers.empty(); });
  return claimed.empty() ? found : claimed;
}

std::set<PeerId> ids_meant(const std::vector<Node>& nodes, std::string_view peer,
                           const std::optional<PeerId>& known) {
  std::set<PeerId> ids;
  for (const std::size_t at : meant(nodes, peer, known)) ids.insert(*nodes[at].id);
  return ids;
}

struct OfPeer {
  Rows rows;
  std::set<PeerId> others = {}; // that only call themselves so
};

OfPeer of_peer(const Contents& contents, const NameAtPeer& split,
               const std::optional<PeerId>& known) {
  const auto has_name = [&](const CatalogEntry& row) { return row.name.bytes == split.name; };
  OfPeer of;
  std::vector<Node> publishers;
  for (const CatalogEntry& row : rows_where(contents.rows, has_name))
    for (const proto::Publisher& publisher : row.publishers)
      publishers.push_back(node_of(publisher));
  const std::set<PeerId> ids = ids_meant(publishers, split.peer, known);
  for (const Node& node : publishers)
    if (known && node.name == split.peer && !ids.contains(*node.id)) of.others.insert(*node.id);
  for (CatalogEntry row : rows_where(contents.rows, has_name)) {
    const auto first = std::find_if(row.publishers.begin(), row.publishers.end(),
                                    [&](const auto& each) { return ids.contains(each.id); });
    if (first == row.publishers.end()) continue;
    std::rotate(row.publishers.begin(), first, std::next(first));
    of.rows.push_back(std::move(row));
  }
  if (!of.rows.empty()) return of;
  std::vector<Node> bringers;
  for (const Contents::Brought& each : contents.brought)
    if (has_name(each.row)) bringers.push_back(each.by);
  const std::set<PeerId> brought_by = ids_meant(bringers, split.peer, known);
  for (const Contents::Brought& each : contents.brought)
    if (has_name(each.row) && brought_by.contains(*each.by.id)) of.rows.push_back(each.row);
  return of;
}

std::string warning_of(const std::set<PeerId>& others, std::string_view peer,
                       const std::optional<PeerId>& known) {
  if (others.empty() || !known) return "";
  return fmt::format(
      "{} was first known here as {}; {}{} calls itself so as well, and is not meant", quoted(peer),
      to_text(*known), to_text(*others.begin()),
      others.size() == 1 ? "" : fmt::format(" and {} more", others.size() - 1));
}

// The one content of these rows.
void choose_one(const Rows& rows, std::string_view word, Meaning& meaning) {
  if (std::any_of(rows.begin(), rows.end(),
                  [&](const auto& row) { return row.content != rows.front().content; })) {
    meaning.failure = ambiguous(rows, word);
    return;
  }
  meaning.entry = rows.front();
  const bool agreed = std::all_of(rows.begin(), rows.end(),
                                  [&](const auto& row) { return row.size == meaning.entry->size; });
  if (!agreed) meaning.entry->size = 0; // which the manifest will tell
}

} // namespace

std::optional<NameAtPeer> split_name(std::string_view word) {
  const std::size_t at = word.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == word.size()) return std::nullopt;
  return NameAtPeer{std::string(word.substr(0, at)), std::string(word.substr(at + 1))};
}

std::vector<CatalogEntry> merge(std::vector<CatalogEntry> rows) {
  // Those who say otherwise of a size than others are told apart.
  using Key = std::tuple<std::string, ContentId, std::uint64_t, std::uint32_t>;
  std::map<Key, CatalogEntry> merged;
  for (CatalogEntry& row : rows) {
    const auto [at, is_new] =
        merged.try_emplace({row.name.bytes, row.content, row.size, row.chunk_size}, std::move(row));
    if (is_new) continue; // else the row was not moved
    CatalogEntry& into = at->second;
    // Trackers know the same peers, so the counts overlap: the larger is closer to the truth.
    into.sources = std::max(into.sources, row.sources);
    into.partial = std::max(into.partial, row.partial);
    into.publishers_total = std::max(into.publishers_total, row.publishers_total);
    for (const proto::Publisher& publisher : row.publishers) {
      const bool known = std::ranges::any_of(
          into.publishers, [&](const auto& other) { return other.id == publisher.id; });
      if (!known && into.publishers.size() < into.publishers.max)
        into.publishers.push_back(publisher);
    }
    into.publishers_total =
        std::max(into.publishers_total, static_cast<std::uint32_t>(into.publishers.size()));
  }
  std::vector<CatalogEntry> result;
  result.reserve(merged.size());
  for (auto& [key, row] : merged) result.push_back(std::move(row));
  return result;
}

Meaning choose_content(const Contents& contents, std::string_view word,
                       const std::optional<PeerId>& known, ControlError none) {
  Meaning meaning{.entry = {}, .failure = std::move(none), .warning = ""};
  if (word.empty()) return meaning;
  const Rows& all = contents.rows;
  Rows rows = rows_where(all, [&](const auto& row) { return to_text(row.content) == word; });
  if (rows.empty()) rows = named(all, word);
  const auto split = split_name(word);
  if (rows.empty() && split) {
    OfPeer of = of_peer(contents, *split, known);
    rows = std::move(of.rows);
    meaning.warning = warning_of(of.others, split->peer, known);
    if (rows.empty() && !meaning.warning.empty()) meaning.failure.message += "; " + meaning.warning;
  }
  if (rows.empty())
    rows = rows_where(all, [&](const auto& row) { return to_text(row.content).starts_with(word); });
  if (rows.empty()) return meaning;
  choose_one(rows, word, meaning);
  if (meaning.entry && split && !meaning.entry->publishers.empty() &&
      meaning.entry->publishers.front().name == split->peer &&
      meaning.entry->name.bytes == split->name)
    meaning.called = meaning.entry->publishers.front().id;
  return meaning;
}

} // namespace p2pd::lookup
