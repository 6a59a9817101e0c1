#include "daemon/http/metrics.hpp"

#include "daemon/disk/manifest_memory.hpp"
#include "daemon/http/exposition.hpp"

#include <array>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace p2pd::http {

namespace {

using disk::Direction;
using transfer::TransferState;

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// With the standard names of Prometheus for process metrics.
void add_process(Exposition& text) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  text.counter("process_cpu_seconds_total", "CPU time, of user and system together.")
      .value(seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
  std::size_t pages = 0, resident = 0; // a virtual file, so this does not block
  std::ifstream("/proc/self/statm") >> pages >> resident;
  text.gauge("process_resident_memory_bytes", "Memory that is in use.")
      .value(resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)));
}

void add_loop(Exposition& text, const io::Loop& loop) {
  text.histogram("p2pd_loop_lag_seconds", "How long the turns of the event loop take.", loop.lag());
  text.histogram("p2pd_job_wait_seconds", "How long jobs wait for a thread.", loop.jobs().wait);
  text.gauge("p2pd_jobs", "Jobs that wait for a thread, or run.").value(loop.jobs().unfinished);
}

void add_links(Exposition& text, net::SessionSet& sessions) {
  text.gauge("p2pd_member", "Whether this node has a network secret.")
      .value(sessions.member() ? 1 : 0);
  text.gauge("p2pd_connections", "Connections to other nodes, in the handshake or after it.")
      .value(sessions.size());
  text.gauge("p2pd_connections_limit", "As many as there may be.").value(sessions.limit());
  std::size_t peers = 0, unsent = 0;
  sessions.each_ready([&](const net::Session& session) {
    if (session.hello().role == proto::Role::peer) ++peers;
    unsent += session.queued();
  });
  text.gauge("p2pd_peers", "Peers that this node is connected to.").value(peers);
  text.gauge("p2pd_unsent_bytes", "What waits to be sent, on all links.").value(unsent);
  text.counter("p2pd_sent_bytes_total", "Payload that was sent.").value(sessions.payload_sent());
  text.counter("p2pd_received_bytes_total", "Payload that was received.")
      .value(sessions.payload_received());
  text.counter("p2pd_refusals_total", "Connections, messages and requests that were refused.");
  sessions.refusals().each([&](std::string_view cause, std::uint64_t count) {
    text.value(count, {{"cause", cause}});
  });
}

void add_buffers(Exposition& text, const disk::BufferPool& buffers) {
  text.gauge("p2pd_buffer_limit_bytes", "As much as all payload buffers may take together.")
      .value(buffers.limit());
  text.gauge("p2pd_buffer_bytes", "Payload buffers in use.");
  text.value(buffers.used(Direction::upload), {{"direction", "upload"}});
  text.value(buffers.used(Direction::download), {{"direction", "download"}});
  text.gauge("p2pd_manifest_bytes", "Manifests in memory, which leave less to payload buffers.")
      .value(disk::manifest_memory().bytes());
  text.gauge("p2pd_buffer_waiters", "Who waits for a payload buffer.");
  text.value(buffers.waiting(Direction::upload), {{"direction", "upload"}});
  text.value(buffers.waiting(Direction::download), {{"direction", "download"}});
  text.counter("p2pd_buffer_waits_total", "How often somebody had to wait for a payload buffer.")
      .value(buffers.waits());
}

void add_trackers(Exposition& text, const membership::Trackers& trackers) {
  text.gauge("p2pd_trackers", "Trackers that this peer knows.").value(trackers.links().size());
  text.gauge("p2pd_trackers_connected", "Those that it is registered with.")
      .value(trackers.connected());
}

void add_transfers(Exposition& text, const transfer::Transfers& transfers,
                   const library::Tally& tally) {
  std::array<std::size_t, static_cast<std::size_t>(TransferState::failed) + 1> listed{};
  transfers.each(
      [&](const transfer::TransferRow& row) { ++listed[static_cast<std::size_t>(row.state)]; });
  text.gauge("p2pd_transfers", "Transfers that are listed, by their state.");
  for (std::size_t state = 0; state < listed.size(); ++state)
    text.value(listed[state], {{"state", to_text(static_cast<TransferState>(state))}});
  text.counter("p2pd_transfers_ended_total", "Transfers that ended, by their state.");
  text.value(tally.transfers_done, {{"state", to_text(TransferState::done)}});
  text.value(tally.transfers_failed, {{"state", to_text(TransferState::failed)}});
}

void add_chunks(Exposition& text, const links::UploadSlots& slots, const library::Tally& tally) {
  text.counter("p2pd_chunks_fetched_total", "Chunks that came, were verified and written.")
      .value(tally.chunks_fetched);
  text.counter("p2pd_chunks_sent_total", "Chunks that were sent.").value(slots.chunks_sent());
  text.counter("p2pd_hash_failures_total", "Chunks without the hash that they should have.");
  text.value(tally.chunks_forged, {{"from", "peer"}});
  text.value(tally.chunks_damaged, {{"from", "disk"}});
  text.gauge("p2pd_upload_slots", "How many peers may be served at the same time.")
      .value(slots.slots());
  text.gauge("p2pd_upload_slots_busy", "How many are.").value(slots.busy());
  text.gauge("p2pd_upload_requests", "Requests that wait for their turn.").value(slots.waiting());
}

void add_peer(Exposition& text, peer::Peer& peer) {
  text.gauge("p2pd_contents", "Contents that this peer has, whole or in part.")
      .value(peer.library().size());
  add_trackers(text, peer.trackers());
  add_transfers(text, peer.transfers(), peer.tally());
  add_chunks(text, peer.slots(), peer.tally());
}

void add_tracker(Exposition& text, tracker::Tracker& tracker) {
  text.gauge("p2pd_tracker_peers", "Peers that are registered.")
      .value(tracker.registry().members().size());
  text.gauge("p2pd_tracker_contents", "Contents in the catalog.")
      .value(tracker.catalog().contents());
  text.gauge("p2pd_tracker_names", "Names in the catalog.").value(tracker.catalog().names());
  text.gauge("p2pd_tracker_pairs", "Pairs of a content and a peer that has some of it.")
      .value(tracker.catalog().pairs());
  text.gauge("p2pd_tracker_bans", "Peers that are banned.").value(tracker.bans().size());
}

} // namespace

std::string metrics(const Subjects& subjects) {
  Exposition text;
  text.gauge("p2pd_info", "What runs here.")
      .value(1, {{"version", P2PD_VERSION}, {"role", to_text(subjects.config.role)}});
  add_process(text);
  add_loop(text, subjects.loop);
  add_links(text, subjects.sessions);
  add_buffers(text, subjects.buffers);
  if (subjects.peer != nullptr) add_peer(text, *subjects.peer);
  if (subjects.tracker != nullptr) add_tracker(text, *subjects.tracker);
  return text.take();
}

} // namespace p2pd::http
