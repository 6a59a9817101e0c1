#include "daemon/control/catalog_commands.hpp"

#include "daemon/control/node.hpp"

#include <fmt/ranges.h>
#include <limits>

namespace p2pd::control {

namespace {

using proto::CatalogEntry;

// There may be 100,000 of them.
void answer(const CallPtr& call, std::vector<CatalogEntry> rows, std::string warning) {
  call->ok_from_pool([rows = std::move(rows), warning = std::move(warning)]() mutable {
    const std::vector<CatalogEntry> own = std::move(rows); // so that they are freed here as well
    Value::Array files;
    files.reserve(own.size());
    for (const CatalogEntry& row : own) files.push_back(file_value(row));
    // Not as a list of fields, which would copy them all.
    Value::Object body;
    body.emplace_back("files", std::move(files));
    body.emplace_back("warning", warning);
    return Value(std::move(body));
  });
}

// The pattern of search, "" for files; nothing where it is refused.
std::optional<std::string> pattern_of(const CallPtr& call) {
  std::string pattern = call->text("pattern");
  if (pattern.size() <= decltype(proto::ListFiles::pattern)::max) return pattern;
  call->error({ExitCode::usage, "the pattern is longer than any name, which has 255 bytes at most",
               "write a part of the name, or a * for some of it"});
  return std::nullopt;
}

} // namespace

std::string warning_of(const peer::Trackers& trackers, const peer::Survey::Silent& silent) {
  if (trackers.connected() == 0 && silent.empty())
    return "no tracker is connected, so nobody was asked; p2pctl status tells why";
  if (silent.empty()) return "";
  return fmt::format("{} did not answer in time, so something may be missing; p2pctl status tells "
                     "how the trackers stand",
                     fmt::join(silent, ", "));
}

void bind_catalog(Dispatcher& dispatcher, const tracker::Tracker& tracker) {
  const auto list = [&tracker](const CallPtr& call) {
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    if (const auto pattern = pattern_of(call))
      answer(call, tracker.catalog().list(*pattern, "", all, all).rows, "");
  };
  dispatcher.bind("files", list);
  dispatcher.bind("search", list);
}

void bind_catalog(Dispatcher& dispatcher, peer::Peer& peer) {
  const auto list = [&peer](const CallPtr& call) {
    const auto pattern = pattern_of(call);
    if (!pattern) return;
    peer.trackers().list(*pattern, [call, &peer](std::vector<CatalogEntry> rows,
                                                 const peer::Survey::Silent& silent) {
      answer(call, std::move(rows), warning_of(peer.trackers(), silent));
    });
  };
  dispatcher.bind("files", list);
  dispatcher.bind("search", list);
}

} // namespace p2pd::control
