#include "daemon/peer/transfer.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>
#include <array>

namespace p2pd::peer {

namespace {

constexpr io::milliseconds second{1000};
constexpr unsigned locate_every = 3; // seconds, while it runs
constexpr double rate_weight = 0.3;

} // namespace

std::string_view to_text(TransferState state) {
  constexpr std::array<std::string_view, 5> words{"queued", "running", "paused", "done", "failed"};
  return words[static_cast<std::size_t>(state)];
}

std::string_view to_text(Stage stage) {
  constexpr std::array<std::string_view, 5> words{"locate", "manifest", "prepare", "fetch", "sync"};
  return words[static_cast<std::size_t>(stage)];
}

Transfer::Transfer(TransferHouse& house, TransferRequest request, std::uint64_t size,
                   TransferListener& listener)
    : house_(house)
    , listener_(listener)
    , manifest_fetch_(house.loop, request.content, *this,
                      [this](CheckedManifest checked) { on_manifest(std::move(checked)); })
    , second_(house.loop, io::bind<&Transfer::on_second>(this)) {
  row_.request = std::move(request);
  row_.path = row_.request.destination;
  if (row_.path.ends_with('/')) row_.path += row_.request.name;
  row_.size = size;
}

Transfer::~Transfer() {
  for (Link* const link : used_) link->unwant(row_.request.content);
}

void Transfer::start() {
  second_.every(second);
  locate();
}

void Transfer::start_from(const Item& item) {
  local_ = item.store;
  second_.every(second);
  on_manifest({item.manifest, item.manifest_bytes});
}

void Transfer::locate() {
  house_.trackers.locate(row_.request.content, [alive = std::weak_ptr(alive_)](
                                                   const std::vector<proto::Source>& sources) {
    if (const auto self = alive.lock()) (*self)->on_located(sources);
  });
}

void Transfer::on_located(const std::vector<proto::Source>& sources) {
  if (row_.over()) return;
  for (const proto::Source& source : sources) {
    located_.insert(source.peer.id);
    if (Link* const link = house_.links.find(source.peer.id))
      on_link(*link);
    else
      house_.links.reach(source.peer);
  }
}

void Transfer::on_link(Link& link) {
  if (row_.over() || !located_.contains(link.id()) || !used_.insert(&link).second) return;
  link.want(row_.request.content, *this);
}

void Transfer::on_has_all(Link& link) {
  offers_[&link] = std::nullopt;
  offer(link);
}

void Transfer::on_has(Link& link, const proto::Bitmap& have) {
  offers_[&link] = have;
  offer(link);
}

void Transfer::offer(Link& link) {
  row_.sources = offers_.size();
  if (manifest_.manifest == nullptr) {
    if (row_.stage == Stage::locate) row_.stage = Stage::manifest;
    return manifest_fetch_.add_source(link);
  }
  if (download_ == nullptr) return; // not yet prepared
  const std::uint32_t chunks = manifest_.manifest->chunks();
  const auto& have = offers_.at(&link);
  try {
    download_->add_source(link, have ? proto::ChunkSet::from(have->bits, chunks)
                                     : proto::ChunkSet(chunks, true));
  } catch (const proto::Error& error) { // it spoke before the manifest could tell
    link.close(error.what());
  }
}

void Transfer::on_gained(Link& link, std::span<const ChunkIndex> chunks) {
  const auto found = offers_.find(&link);
  if (found == offers_.end() || !found->second) return;
  for (const ChunkIndex chunk : chunks) {
    proto::Bytes& bits = found->second->bits;
    if (number(chunk) / 8 >= bits.size()) throw proto::Error("a chunk beyond its content");
    bits[number(chunk) / 8] |= static_cast<std::uint8_t>(0x80U >> (number(chunk) % 8));
  }
  if (download_ != nullptr) download_->source_gained(link, chunks);
}

// It may have the content again: the next answer of the trackers tells.
void Transfer::on_gone(Link& link) {
  link.unwant(row_.request.content);
  on_link_closed(link);
}

void Transfer::on_link_closed(Link& link) {
  used_.erase(&link);
  offers_.erase(&link);
  row_.sources = offers_.size();
  manifest_fetch_.remove_source(link);
  if (download_ != nullptr) download_->remove_source(link);
}

void Transfer::on_manifest_size(Link& link, proto::RequestId request, std::uint32_t size) {
  manifest_fetch_.on_size(link, request, size);
}

proto::MutableView Transfer::segment_space(Link& link, const proto::Segment& segment) {
  return download_ != nullptr ? download_->segment_space(link, segment)
                              : manifest_fetch_.segment_space(link, segment);
}

void Transfer::on_segment(Link& link, const proto::Segment& segment) {
  if (download_ != nullptr)
    download_->on_segment(link, segment);
  else
    manifest_fetch_.on_segment(link, segment);
}

void Transfer::on_failed(Link& link, const proto::Failed& failed) {
  if (!offers_.contains(&link)) return on_gone(link); // its answer to want
  if (download_ != nullptr)
    download_->on_failed(link, failed);
  else
    manifest_fetch_.on_failed(link, failed);
}

void Transfer::on_manifest(CheckedManifest checked) {
  if (row_.over() || manifest_.manifest != nullptr) return;
  manifest_ = std::move(checked);
  row_.size = manifest_.manifest->size;
  row_.stage = Stage::prepare;
  job_ = io::run(
      house_.loop,
      [folders = house_.destinations, manifest = manifest_.manifest, request = row_.request] {
        return peer::prepare(*folders, {request.destination, request.name, request.force},
                             manifest);
      },
      [this](Prepared prepared) { on_prepared(std::move(prepared)); });
}

void Transfer::on_prepared(Prepared prepared) {
  row_.path = prepared.path;
  if (prepared.fault)
    return end(TransferState::failed, {proto::ExitCode::failed, prepared.fault->message, ""});
  row_.done_bytes = counted_bytes_ = prepared.done_bytes;
  row_.already = prepared.existing != nullptr;
  store_ = prepared.store;
  row_.stage = Stage::fetch;
  if (local_ != nullptr && store_ != nullptr) {
    copy_ = std::make_unique<LocalCopy>(house_.loop, house_.buffers, manifest_.manifest, local_,
                                        store_, prepared.have, house_.links.self(), *this);
    return copy_->copy_next();
  }
  enter(std::move(prepared));
}

// Into the library, as a source, whole or partial.
void Transfer::enter(Prepared prepared) {
  if (house_.library.find(row_.request.content) == nullptr) {
    const std::shared_ptr<const disk::Store> store =
        store_ == nullptr ? prepared.existing : std::shared_ptr<const disk::Store>(store_);
    const Item& item = house_.library.add({row_.request.content,
                                           manifest_.manifest,
                                           manifest_.bytes,
                                           {{row_.request.name, false}},
                                           prepared.path,
                                           prepared.have,
                                           store});
    house_.trackers.announce(item, [](std::size_t) {});
  }
  if (store_ == nullptr) return end(TransferState::done);
  if (prepared.have.full()) return on_complete();
  download_ = std::make_unique<Download>(house_.loop, house_.buffers, row_.request.content,
                                         manifest_.manifest, store_, prepared.have, *this, *this);
  std::vector<Link*> links; // offering may close one
  for (const auto& [link, have] : offers_) links.push_back(link);
  for (Link* const link : links) offer(*link);
}

void Transfer::on_chunk(ChunkIndex chunk, const proto::PeerId& from) {
  const std::uint32_t length = manifest_.manifest->length(chunk);
  row_.done_bytes += length;
  auto share = std::ranges::find(row_.shares, from, &SourceShare::id);
  if (share == row_.shares.end()) {
    const Link* const link = house_.links.find(from);
    row_.shares.push_back({from, link == nullptr ? "" : link->session().hello().name, 0});
    share = std::prev(row_.shares.end());
  }
  share->bytes += length;
  if (copy_ != nullptr) return; // the library has it all
  if (Item* const item = house_.library.find(row_.request.content))
    house_.library.gained(*item, chunk);
}

void Transfer::on_complete() {
  row_.stage = Stage::finish;
  job_ = io::run(
      house_.loop, [store = store_, force = row_.request.force] { return store->finish(force); },
      [this](const disk::Outcome& finished) { on_finished(finished); });
}

// The store reads from the final place by now; the item needs no other.
void Transfer::on_finished(const disk::Outcome& finished) {
  if (finished) return end(TransferState::done);
  end(TransferState::failed, {proto::ExitCode::failed, finished.fault().message, ""});
}

void Transfer::on_write_failed(const disk::Fault& fault) {
  end(TransferState::failed, {proto::ExitCode::failed, fault.message, ""});
}

void Transfer::on_second() {
  const auto fresh =
      static_cast<double>(row_.done_bytes - std::exchange(counted_bytes_, row_.done_bytes));
  row_.rate = row_.rate == 0 ? fresh : row_.rate + rate_weight * (fresh - row_.rate);
  if (++seconds_ % locate_every == 0 && row_.stage != Stage::finish) locate();
}

void Transfer::end(TransferState state, Failure failure) {
  if (row_.over()) return;
  row_.state = state;
  row_.failure = std::move(failure);
  row_.ended = io::Clock::now();
  second_.stop();
  if (state == TransferState::failed && download_ != nullptr)
    house_.library.remove(row_.request.content); // what has come so far is offered no longer
  if (state == TransferState::done)
    base::log::info("transfers", "{} is whole at {}", row_.request.name, row_.path);
  else
    base::log::warn("transfers", "{} failed: {}", row_.request.name, row_.failure.message);
  listener_.on_over(*this);
}

} // namespace p2pd::peer
