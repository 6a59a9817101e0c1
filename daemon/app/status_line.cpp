#include "daemon/app/status_line.hpp"

#include <fmt/core.h>

namespace p2pd::app {

namespace {

std::string status_of(const tracker::Tracker& tracker) {
  return fmt::format("tracker: {} peers, {} contents", tracker.registry().members().size(),
                     tracker.catalog().contents());
}

std::string status_of(peer::Peer& peer) {
  std::size_t fetching = 0;
  double rate = 0; // bytes per second
  peer.transfers().each([&](const transfer::TransferRow& row) {
    if (row.state != transfer::TransferState::running) return;
    ++fetching;
    rate += row.rate;
  });
  std::string line =
      fmt::format("peer: {} of {} trackers, {} contents", peer.trackers().connected(),
                  peer.trackers().links().size(), peer.library().size());
  if (fetching > 0) line += fmt::format(", fetching {} at {:.1f} MB/s", fetching, rate / 1e6);
  if (const std::size_t busy = peer.slots().busy(); busy > 0)
    line += fmt::format(", serving {} peers", busy);
  return line;
}

} // namespace

std::string status_line(const http::Subjects& subjects) {
  if (!subjects.sessions.member()) return "in no network; p2pctl join TOKEN makes it a member";
  return subjects.tracker != nullptr ? status_of(*subjects.tracker) : status_of(*subjects.peer);
}

} // namespace p2pd::app
