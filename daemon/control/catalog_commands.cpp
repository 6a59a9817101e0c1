#include "daemon/control/catalog_commands.hpp"

#include "daemon/control/node.hpp"

#include <fmt/ranges.h>

namespace p2pd::control {

namespace {

using proto::CatalogEntry;

constexpr std::size_t page_rows = 500; // a millisecond of the loop

// The pattern of search, "" for files; nothing where it is refused.
std::optional<std::string> pattern_of(const CallPtr& call) {
  std::string pattern = call->text("pattern");
  if (pattern.size() <= decltype(proto::ListFiles::pattern)::max) return pattern;
  call->error({ExitCode::usage, "the pattern is longer than any name, which has 255 bytes at most",
               "write a part of the name, or a * for some of it"});
  return std::nullopt;
}

} // namespace

std::string warning_of(const membership::Trackers& trackers,
                       const membership::Survey::Silent& silent) {
  if (trackers.connected() == 0 && silent.empty())
    return "no tracker is connected, so nobody was asked; p2pctl status tells why";
  if (silent.empty()) return "";
  return fmt::format("{} did not answer in time, so something may be missing; p2pctl status tells "
                     "how the trackers stand",
                     fmt::join(silent, ", "));
}

void bind_catalog(Dispatcher& dispatcher, CatalogStreams& streams,
                  const tracker::Tracker& tracker) {
  const auto list = [&tracker, &streams](const CallPtr& call) {
    const auto pattern = pattern_of(call);
    if (!pattern) return;
    streams.start(call, [&tracker, pattern = *pattern](const std::string& cursor,
                                                       const CatalogStreams::Take& take) {
      tracker::Catalog::Page page = tracker.catalog().list(pattern, cursor, page_rows);
      take({std::move(page.rows), std::move(page.next), ""});
    });
  };
  dispatcher.bind("files", list);
  dispatcher.bind("search", list);
}

void bind_catalog(Dispatcher& dispatcher, CatalogStreams& streams, peer::Peer& peer) {
  const auto list = [&peer, &streams](const CallPtr& call) {
    const auto pattern = pattern_of(call);
    if (!pattern) return;
    streams.start(call, [&peer, call, pattern = *pattern](const std::string& cursor,
                                                          const CatalogStreams::Take& take) {
      peer.trackers().list_page(
          pattern, cursor, [call] { return !call->gone(); },
          [&peer, take](std::vector<CatalogEntry> rows, std::string next,
                        const membership::Survey::Silent& silent) {
            take({std::move(rows), std::move(next), warning_of(peer.trackers(), silent)});
          });
    });
  };
  dispatcher.bind("files", list);
  dispatcher.bind("search", list);
}

} // namespace p2pd::control
