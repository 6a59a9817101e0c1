#include "daemon/peer/transfer.hpp"

#include "daemon/base/log.hpp"
#include "daemon/peer/selection.hpp"

#include <algorithm>

namespace p2pd::peer {

namespace {

using Durable = disk::StateDb::Durable;

} // namespace

Transfer::Transfer(TransferHouse& house, TransferRow row, TransferListener& listener)
    : house_(house)
    , listener_(listener)
    , row_(std::move(row))
    , sources_(house.trackers, house.links, row_.request.content, row_.request.from)
    , manifest_fetch_(house.loop, row_.request.content, sources_,
                      [this](Content content) { on_manifest(std::move(content)); })
    , bury_(house.loop, io::bind<&Transfer::bury>(this))
    , second_(house.loop, io::bind<&Transfer::on_second>(this))
    , retry_(house.loop, io::bind<&Transfer::try_again>(this)) {
  row_.path = final_path(row_.request.destination, row_.request.name);
}

Transfer::~Transfer() {
  stop_.request_stop();
  if (Item* const item = house_.library.find(row_.request.content)) item->fetching = false;
}

Destination Transfer::destination() const {
  const TransferRequest& request = row_.request;
  return {request.destination, request.name, request.only, request.force, request.repair, saved_};
}

// Beginnings

void Transfer::start() {
  record(Durable::yes, [this](const disk::Outcome& recorded) {
    if (!recorded) return fail(recorded.fault());
    if (row_.state == TransferState::queued) row_.state = TransferState::running;
    listener_.on_recorded(*this);
    advance();
  });
  if (content_.manifest == nullptr) find_manifest(); // that need not wait for the disk
}

void Transfer::start_from(std::shared_ptr<const Content> local) {
  take_manifest(*local);
  content_.store = local->store;
  start();
}

void Transfer::repair(std::shared_ptr<const Content> damaged, proto::ChunkSet right) {
  take_manifest(*damaged);
  saved_ = std::move(right);
  house_.state.change(Durable::no, [id = row_.request.id, content = row_.request.content,
                                    record = record_of(row_), bits = saved_->bits(),
                                    manifest = content_.manifest_bytes](disk::StateStore& store) {
    store.put_transfer(record);
    store.put_manifest(content, *manifest);
    store.set_chunks(id, bits);
    store.remove_library(content);
  });
  start();
}

void Transfer::restore() {
  restoring_ = true;
  house_.state.ask(
      [id = row_.request.id, content = row_.request.content](disk::StateStore& store) {
        return Stored{store.manifest(content), store.chunks(id)};
      },
      [alive = std::weak_ptr(alive_), trusted = !row_.over()](disk::Result<Stored> stored) {
        if (const auto self = alive.lock())
          (*self)->on_stored(stored ? std::move(*stored) : Stored{}, trusted);
      });
}

void Transfer::on_stored(Stored stored, bool trusted) {
  struct Checked {
    Content content;
    std::optional<proto::ChunkSet> chunks;
  };
  job_ = io::run(
      house_.loop,
      [id = row_.request.content, stored = std::move(stored)] {
        Checked checked;
        if (!stored.manifest) return checked;
        checked.content =
            checked_manifest(id, std::make_shared<const proto::Bytes>(*stored.manifest));
        if (checked.content.manifest == nullptr || stored.chunks.empty()) return checked;
        try {
          checked.chunks = proto::ChunkSet::from(stored.chunks, checked.content.manifest->chunks());
        } catch (const proto::Error&) {
          // Then what the .part holds is hashed.
        }
        return checked;
      },
      [this, trusted](Checked checked) {
        restoring_ = false;
        // What became of the .part of one that failed is not known: it is hashed.
        if (trusted) saved_ = std::move(checked.chunks);
        if (checked.content.manifest != nullptr) take_manifest(std::move(checked.content));
        advance();
      });
}

void Transfer::record(Durable durable, Done done) {
  house_.state.change(
      durable, [record = record_of(row_)](disk::StateStore& store) { store.put_transfer(record); },
      [alive = std::weak_ptr(alive_), done = std::move(done)](const disk::Outcome& outcome) {
        if (alive.lock() == nullptr) return;
        if (!outcome) base::log::error("transfers", "{}", outcome.fault().message);
        if (done) done(outcome);
      });
}

// Steps

// Begins the next step, if nothing is in the way of it.
void Transfer::advance() {
  if (job_.running() || restoring_) return;
  if (cancelled_) return discard();
  // One that is paused holds on to what it has: others may fetch that, and nobody writes over it.
  if (row_.state == TransferState::paused && !waits_ && !prepared_ && saved_) return prepare();
  if (row_.state != TransferState::running) return;
  if (!second_.active()) second_.every(io::milliseconds(1000));
  if (content_.manifest == nullptr) return find_manifest();
  if (download_ != nullptr || copy_ != nullptr) return;
  if (!prepared_) return prepare();
  fetch();
}

void Transfer::find_manifest() {
  sources_.serve(&manifest_fetch_);
  sources_.locate();
}

void Transfer::on_manifest(Content content) {
  if (row_.over() || content_.manifest != nullptr) return;
  take_manifest(std::move(content));
  house_.state.change(Durable::no,
                      [content = row_.request.content, bytes = content_.manifest_bytes](
                          disk::StateStore& store) { store.put_manifest(content, *bytes); });
  advance();
}

void Transfer::take_manifest(Content content) {
  content_ = {std::move(content.manifest), std::move(content.manifest_bytes), nullptr};
  row_.size = content_.manifest->size;
  sources_.serve(nullptr, 0);
}

void Transfer::prepare() {
  row_.stage = Stage::prepare;
  job_ = io::run(
      house_.loop,
      [folders = house_.destinations, manifest = content_.manifest, to = destination(),
       stop = stop_.get_token()] { return peer::prepare(*folders, to, manifest, stop); },
      [this](Prepared prepared) { on_prepared(std::move(prepared)); });
}

void Transfer::on_prepared(Prepared prepared) {
  if (cancelled_) {
    store_ = std::move(prepared.store);
    return advance();
  }
  if (prepared.fault && row_.state == TransferState::paused) return; // it shows when it goes on
  if (prepared.fault) {
    // Before the first byte people are there to be told; later it waits.
    return saved_ ? on_fault(*prepared.fault) : fail(*prepared.fault);
  }
  prepared_ = true;
  row_.path = prepared.path;
  wanted_ = std::move(prepared.wanted);
  have_ = std::move(prepared.have);
  if (prepared.existing != nullptr) {
    row_.already = true;
    row_.done_bytes = row_.size;
    if (content_.store == nullptr) {
      content_.store = prepared.existing;
      enter();
    }
    return complete(prepared.existing->identities());
  }
  store_ = std::move(prepared.store);
  offered_ = whole_chunks(store_->layout());
  row_.size = bytes_of(*content_.manifest, wanted_);
  row_.done_bytes = counted_bytes_ = bytes_of(*content_.manifest, have_);
  syncer_ = std::make_unique<Syncer>(
      house_.loop, house_.state, row_.request.id, store_, have_,
      [this](const disk::Outcome& failed) { on_sync_failed(failed.fault()); });
  if (content_.store == nullptr) enter();
  advance();
}

// Into the library, as a source: partial, or whole where everything was there.
void Transfer::enter() {
  Item* item = house_.library.find(row_.request.content);
  const bool is_new = item == nullptr;
  auto content = std::make_shared<Content>(content_);
  proto::ChunkSet have = have_;
  if (store_ != nullptr) {
    content->store = store_;
    for (std::uint32_t i = 0; i < have.chunks(); ++i)
      if (!offered_.has(ChunkIndex{i})) have.remove(ChunkIndex{i});
  }
  if (is_new) {
    Item fresh = item_of(row_.request.content, content, have);
    fresh.names.emplace(row_.request.name, false);
    item = &house_.library.add(std::move(fresh));
  }
  house_.library.place(*item, row_.path);
  item->only = row_.request.only;
  item->content = std::move(content);
  item->fetching = store_ != nullptr;
  if (is_new)
    house_.trackers.announce(*item, [](std::size_t) {});
  else
    house_.library.lost(*item, std::move(have));
}

void Transfer::fetch() {
  row_.stage = Stage::fetch;
  proto::ChunkSet missing = wanted_;
  for (std::uint32_t i = 0; i < have_.chunks(); ++i)
    if (have_.has(ChunkIndex{i})) missing.remove(ChunkIndex{i});
  if (missing.empty()) return finish();
  if (content_.store != nullptr) {
    copy_ =
        std::make_unique<LocalCopy>(house_.loop, house_.buffers, content_.manifest, content_.store,
                                    store_, missing, house_.links.self(), *this);
    return copy_->copy_next();
  }
  download_ = std::make_unique<Download>(
      house_.loop, house_.buffers, row_.request.content, content_.manifest, store_, missing,
      row_.request.in_order ? swarm::Order::in_order : swarm::Order::rarest_first,
      house_.limits.down.bucket, sources_, *this);
  sources_.serve(download_.get(), content_.manifest->chunks());
  sources_.locate();
}

void Transfer::stop_fetching() {
  sources_.serve(nullptr, 0);
  if (download_ != nullptr) {
    download_->stop();
    buried_downloads_.push_back(std::move(download_));
  }
  if (copy_ != nullptr) {
    copy_->stop();
    buried_copies_.push_back(std::move(copy_));
  }
  bury_.schedule();
  row_.rate = 0;
}

void Transfer::bury() {
  buried_downloads_.clear();
  buried_copies_.clear();
}

void Transfer::on_chunk(ChunkIndex chunk, const proto::PeerId& from) {
  const std::uint32_t length = content_.manifest->length(chunk);
  have_.add(chunk);
  row_.done_bytes += length;
  auto share = std::ranges::find(row_.shares, from, &SourceShare::id);
  if (share == row_.shares.end()) {
    const Link* const link = house_.links.find(from);
    row_.shares.push_back({from, link == nullptr ? "" : link->session().hello().name, 0});
    share = std::prev(row_.shares.end());
  }
  share->bytes += length;
  syncer_->written(chunk, length);
  if (content_.store != nullptr || !offered_.has(chunk)) return; // the library has it, or a part
  if (Item* const item = house_.library.find(row_.request.content))
    house_.library.gained(*item, chunk);
}

void Transfer::on_forged(const proto::PeerId& from, ChunkIndex chunk) {
  base::log::warn("transfers", "chunk {} of {} came with a wrong hash", number(chunk),
                  row_.request.name);
  house_.links.strike(from);
}

void Transfer::finish() {
  row_.stage = Stage::finish;
  stop_fetching();
  job_ = io::run(
      house_.loop, [store = store_, force = row_.request.force] { return store->finish(force); },
      [this](const disk::Outcome& finished) {
        if (cancelled_) return advance();
        if (finished) return complete(store_->identities());
        on_fault(finished.fault());
      });
}

// Its end and what the library has of it, in one.
void Transfer::complete(const std::vector<disk::Identity>& identities) {
  row_.state = TransferState::done;
  row_.ended = io::Clock::now();
  row_.failure = {};
  Item* const item = house_.library.find(row_.request.content);
  const bool is_here = item != nullptr && item->path == row_.path;
  if (is_here) item->fetching = false;
  std::vector<disk::LibraryRecord> records;
  if (is_here) records = records_of(*item);
  house_.state.change(
      Durable::yes,
      [record = record_of(row_), records, identities,
       manifest = content_.manifest_bytes](disk::StateStore& store) {
        store.put_transfer(record);
        for (const disk::LibraryRecord& entry : records)
          store.put_library(entry, identities, *manifest);
      },
      [alive = std::weak_ptr(alive_)](const disk::Outcome& outcome) {
        if (!outcome) base::log::error("transfers", "{}", outcome.fault().message);
        if (const auto self = alive.lock()) (*self)->end(TransferState::done);
      });
}

void Transfer::fail(const disk::Fault& fault) {
  end(TransferState::failed, {proto::ExitCode::failed, fault.message, ""});
}

void Transfer::end(TransferState state, Failure failure) {
  row_.state = state;
  row_.failure = std::move(failure);
  if (row_.ended == io::Time{}) row_.ended = io::Clock::now();
  second_.stop();
  stop_fetching();
  if (state == TransferState::failed) {
    const Item* const item = house_.library.find(row_.request.content);
    if (item != nullptr && item->fetching)
      house_.library.remove(row_.request.content); // what has come so far is offered no longer
    if (!cancelled_) record(Durable::no);
    base::log::warn("transfers", "{} failed: {}", row_.request.name, row_.failure.message);
  } else {
    base::log::info("transfers", "{} is whole at {}", row_.request.name, row_.path);
  }
  listener_.on_over(*this);
}

} // namespace p2pd::peer
