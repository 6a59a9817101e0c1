#include "daemon/download/download.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/digest.hpp"

#include <algorithm>

namespace p2pd::download {

namespace {

disk::Filler filler(bool slow) {
  return slow ? disk::Filler::slow : disk::Filler::usual;
}

swarm::Extent extent_of(const proto::Manifest& manifest) {
  return {manifest.size, manifest.chunk_size};
}

std::uint64_t key_of(const proto::PeerId& id) {
  return std::hash<proto::PeerId>()(id);
}

swarm::Refusal refusal_of(proto::Reason reason) {
  switch (reason) {
  case proto::Reason::busy:
    return swarm::Refusal::busy;
  case proto::Reason::elsewhere:
    return swarm::Refusal::elsewhere;
  default:
    return swarm::Refusal::missing;
  }
}

} // namespace

Download::Download(io::Loop& loop, disk::BufferPool& buffers, const ContentId& content,
                   std::shared_ptr<const proto::Manifest> manifest,
                   std::shared_ptr<store::WriteStore> store, const proto::ChunkSet& missing,
                   swarm::Order order, const swarm::Buckets& limits, const links::Links& links,
                   links::LinkUser& asker, DownloadListener& listener)
    : loop_(loop)
    , buffers_(buffers)
    , content_(content)
    , manifest_(std::move(manifest))
    , store_(std::move(store))
    , limits_(limits)
    , links_(links)
    , asker_(asker)
    , listener_(listener)
    , fetcher_(extent_of(*manifest_), missing, order, std::random_device{}(), limits, *this,
               io::Clock::now(), {}, key_of(links.self()))
    , memory_(buffers, io::bind<&Download::fill>(this))
    , allowed_(loop, io::bind<&Download::fill>(this))
    , tick_(loop, io::bind<&Download::on_tick>(this)) {
  tick_.every(io::ceil_milliseconds(swarm::Fetcher::tick_period));
}

Download::~Download() {
  stop();
}

void Download::stop() {
  stopped_ = true;
  tick_.stop();
  memory_.stop();
  allowed_.stop();
  jobs_.clear();
  fetcher_.stop(io::Clock::now());
  ids_.clear();
  suppliers_.clear();
}

std::optional<swarm::SourceId> Download::id_of(const links::Link& link) const {
  const auto found = ids_.find(&link);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

// Null: it is no source.
const swarm::Fetcher::Source* Download::source_of(const links::Link& link) const {
  const auto id = id_of(link);
  const auto& all = fetcher_.sources();
  const auto found = id ? all.find(*id) : all.end();
  return found == all.end() ? nullptr : &found->second;
}

bool Download::is_lacked(ChunkIndex chunk) const {
  return fetcher_.is_lacked(chunk);
}

bool Download::awaits(const links::Link& link) const {
  const auto* const source = source_of(link);
  return source != nullptr && !source->pending.empty();
}

bool Download::is_whole(const links::Link& link) const {
  const auto* const source = source_of(link);
  return source != nullptr && source->has.full();
}

bool Download::is_sole(const links::Link& link) const {
  const auto id = id_of(link);
  return id && fetcher_.is_sole(*id);
}

bool Download::starved() const {
  return fetcher_.starved();
}

void Download::add_source(links::Link& link, proto::ChunkSet has) {
  remove_source(link);
  if (stopped_) return;
  const swarm::SourceId id =
      fetcher_.add(std::move(has), io::Clock::now(),
                   {.key = key_of(link.id()), .far = links_.far(link.session().hello().site)});
  ids_.emplace(&link, id);
  suppliers_.emplace(id, Supplier{.link = &link});
  fill();
}

void Download::source_gained(links::Link& link, std::span<const ChunkIndex> chunks) {
  const auto id = id_of(link);
  if (!id) return;
  for (const ChunkIndex chunk : chunks)
    if (number(chunk) >= manifest_->chunks()) throw proto::Error("a chunk beyond its content");
  fetcher_.gained(*id, chunks, io::Clock::now());
}

void Download::source_sent(const links::Link& link, const proto::ChunkSet& chunks) {
  if (id_of(link)) fetcher_.sent(chunks);
}

void Download::remove_source(links::Link& link) {
  const auto id = id_of(link);
  if (!id) return;
  fetcher_.remove(*id, io::Clock::now());
  ids_.erase(&link);
  suppliers_.erase(*id);
}

bool Download::has_memory(bool slow) {
  return buffers_.has_share(disk::Direction::download, manifest_->chunk_size, filler(slow));
}

bool Download::has_share_of_slow() {
  return buffers_.has_share(disk::Direction::download, 0, disk::Filler::slow);
}

std::optional<swarm::Ticket> Download::ask(swarm::SourceId source, ChunkIndex chunk, bool slow,
                                           swarm::Copy copy) {
  auto buffer = buffers_.take(disk::Direction::download, manifest_->chunk_size, filler(slow));
  if (buffer != nullptr) return request(suppliers_.at(source), chunk, copy, std::move(buffer));
  memory_.wait();
  return std::nullopt;
}

swarm::Ticket Download::ask_with(swarm::SourceId source, ChunkIndex chunk, swarm::SourceId from,
                                 swarm::Ticket over) {
  auto buffer = std::move(suppliers_.at(from).buffers.extract(over).mapped());
  return request(suppliers_.at(source), chunk, swarm::Copy::any, std::move(buffer));
}

swarm::Ticket Download::request(Supplier& supplier, ChunkIndex chunk, swarm::Copy copy,
                                std::shared_ptr<disk::Buffer> buffer) {
  const swarm::Ticket ticket = number(supplier.link->request_chunk(content_, chunk, copy, asker_));
  supplier.buffers.emplace(ticket, std::move(buffer));
  return ticket;
}

void Download::withdraw(swarm::SourceId source, swarm::Ticket ticket) {
  suppliers_.at(source).link->withdraw(proto::RequestId{ticket});
}

void Download::cancel(swarm::SourceId source, swarm::Ticket ticket) {
  Supplier& supplier = suppliers_.at(source);
  supplier.link->cancel(proto::RequestId{ticket});
  supplier.buffers.erase(ticket);
}

void Download::now_slow(swarm::SourceId source, swarm::Ticket ticket) {
  suppliers_.at(source).buffers.at(ticket)->now_slow();
}

bool Download::exempt(swarm::SourceId source) {
  return suppliers_.at(source).link->exempt();
}

void Download::on_mute(swarm::SourceId source) {
  base::log::warn("download", "{} delivers nothing; its chunks are asked elsewhere",
                  suppliers_.at(source).link->session().hello().name);
}

void Download::fill_after(swarm::Duration wait) {
  allowed_.once(io::ceil_milliseconds(wait));
}

proto::MutableView Download::segment_space(links::Link& link, const proto::Segment& segment) {
  const auto id = id_of(link);
  const swarm::Ticket ticket = number(segment.request);
  const auto* const pending = id ? fetcher_.find(*id, ticket) : nullptr;
  if (pending == nullptr) return {};
  if (segment.offset != pending->received ||
      segment.length > manifest_->length(pending->chunk) - pending->received)
    throw proto::Error("a segment out of order or beyond its chunk");
  fetcher_.begun(*id, ticket, io::Clock::now());
  return suppliers_.at(*id).buffers.at(ticket)->bytes().subspan(segment.offset, segment.length);
}

void Download::on_segment(links::Link& link, const proto::Segment& segment) {
  const swarm::SourceId id = ids_.at(&link);
  const swarm::Ticket ticket = number(segment.request);
  const ChunkIndex chunk = fetcher_.find(id, ticket)->chunk;
  if (!fetcher_.got(id, ticket, segment.length, io::Clock::now())) return;
  auto buffer = std::move(suppliers_.at(id).buffers.extract(ticket).mapped());
  link.finished(segment.request);
  verify(link.id(), chunk, std::move(buffer));
}

void Download::verify(const proto::PeerId& from, ChunkIndex chunk,
                      std::shared_ptr<disk::Buffer> buffer) {
  const auto job = jobs_.emplace(jobs_.end());
  const auto bytes = buffer->bytes().first(manifest_->length(chunk));
  *job = io::run(
      loop_,
      [store = store_, manifest = manifest_, buffer = std::move(buffer), bytes, chunk] {
        if (disk::chunk_hash(bytes) != manifest->hashes[number(chunk)])
          return Checked{Verdict::forged, {}};
        if (const disk::Outcome written = store->write(manifest->offset(chunk), bytes); !written)
          return Checked{Verdict::unwritten, written.fault()};
        return Checked{};
      },
      [this, from, chunk, job](const Checked& checked) { on_verified(from, chunk, job, checked); });
}

void Download::on_verified(const proto::PeerId& from, ChunkIndex chunk, Jobs::iterator job,
                           const Checked& checked) {
  jobs_.erase(job);
  if (stopped_) return;
  switch (checked.verdict) {
  case Verdict::good:
    fetcher_.verified(chunk);
    listener_.on_chunk(chunk, from);
    if (fetcher_.missing() == 0) return listener_.on_complete();
    return fill();
  case Verdict::forged:
    fetcher_.forged(chunk);
    listener_.on_forged(from, chunk); // may remove the source
    return fill();
  case Verdict::unwritten:
    stopped_ = true;
    fetcher_.stop(io::Clock::now());
    return listener_.on_write_failed(*checked.fault);
  }
}

void Download::on_failed(links::Link& link, const proto::Failed& failed) {
  const auto id = id_of(link);
  if (!id) return;
  const swarm::Ticket ticket = number(failed.request);
  fetcher_.refused(*id, ticket, refusal_of(failed.reason), io::Clock::now());
  suppliers_.at(*id).buffers.erase(ticket);
}

void Download::on_tick() {
  const io::Time now = io::Clock::now();
  for (const auto& [id, supplier] : suppliers_) {
    const net::Session& session = supplier.link->session();
    for (const auto& [ticket, buffer] : supplier.buffers)
      if (const std::uint32_t arrived = session.arrived(proto::RequestId{ticket}); arrived > 0) {
        fetcher_.arrived(id, ticket, arrived, now);
        break; // one at a time
      }
    if (const auto rtt = session.rtt()) fetcher_.measured(id, *rtt);
  }
  fetcher_.tick(buffers_.waiting(disk::Direction::download) > 0, now);
}

} // namespace p2pd::download
