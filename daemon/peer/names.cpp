#include "daemon/peer/names.hpp"

#include "proto/units.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>
#include <tuple>

namespace p2pd::peer {

namespace {

// As few digits of an id as people can tell apart.
std::string brief(const ContentId& id) {
  return to_text(id).substr(0, 12);
}

std::string describe(const CatalogEntry& row) {
  std::string from = "nobody claims it";
  if (!row.publishers.empty()) {
    from = "from " + proto::printable(row.publishers.front().name);
    if (row.publishers_total > 1) from += fmt::format(" and {} more", row.publishers_total - 1);
  }
  return fmt::format("{} ({} bytes, {})", brief(row.content), row.size, from);
}

Failure ambiguous(const std::vector<CatalogEntry>& rows, std::string_view word) {
  Failure failure{proto::ExitCode::failed, disk::in_quotes(word) + " is several contents: ", ""};
  std::string example;
  for (const CatalogEntry& row : rows) {
    failure.message += (&row == &rows.front() ? "" : ", ") + describe(row);
    if (example.empty() && !row.publishers.empty() && row.name.bytes == word)
      example = fmt::format(" or as {}@{}", proto::printable(word),
                            proto::printable(row.publishers.front().name));
  }
  failure.remedy = "name one by its id" + example;
  return failure;
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

OfPublisher of_publisher(std::vector<CatalogEntry> rows, std::string_view peer,
                         const std::optional<PeerId>& known) {
  OfPublisher of;
  std::set<PeerId> others;
  for (CatalogEntry& row : rows) {
    const auto is_meant = [&](const proto::Publisher& publisher) {
      if (known) return publisher.id == *known;
      return publisher.name == peer || publisher.address == peer ||
             to_text(publisher.id).starts_with(peer);
    };
    for (const proto::Publisher& publisher : row.publishers)
      if (publisher.name == peer && !is_meant(publisher) && others.insert(publisher.id).second)
        of.others.push_back(publisher);
    const auto meant = std::ranges::find_if(row.publishers, is_meant);
    if (meant == row.publishers.end()) continue;
    std::rotate(row.publishers.begin(), meant, std::next(meant));
    of.rows.push_back(std::move(row));
  }
  return of;
}

std::string warning_of(const std::vector<proto::Publisher>& others, std::string_view peer,
                       const PeerId& known) {
  if (others.empty()) return "";
  return fmt::format(
      "{} was first known here as {}; {}{} calls itself so as well, and is not meant",
      disk::in_quotes(peer), to_text(known), to_text(others.front().id),
      others.size() == 1 ? "" : fmt::format(" and {} more", others.size() - 1));
}

std::optional<CatalogEntry> choose(const std::vector<CatalogEntry>& rows, std::string_view word,
                                   Failure& failure) {
  std::vector<CatalogEntry> candidates;
  for (const CatalogEntry& row : rows)
    if (!row.publishers.empty() && row.name.bytes == word) candidates.push_back(row);
  if (candidates.empty()) candidates = rows;
  std::set<ContentId> contents;
  for (const CatalogEntry& row : candidates) contents.insert(row.content);
  if (contents.size() == 1) {
    CatalogEntry chosen = candidates.front();
    const bool agreed = std::ranges::all_of(
        candidates, [&](const CatalogEntry& row) { return row.size == chosen.size; });
    if (!agreed) chosen.size = 0; // which the manifest will tell
    return chosen;
  }
  failure = contents.empty()
                ? Failure{proto::ExitCode::not_found, "nobody offers " + disk::in_quotes(word),
                          "p2pctl files lists what there is"}
                : ambiguous(candidates, word);
  return std::nullopt;
}

} // namespace p2pd::peer
