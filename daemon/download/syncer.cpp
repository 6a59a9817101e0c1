#include "daemon/download/syncer.hpp"

namespace p2pd::download {

namespace {

constexpr std::uint64_t most_unsynced = 64 << 20;
constexpr io::milliseconds oldest{1000};

} // namespace

Syncer::Syncer(io::Loop& loop, state::StateDb& state, const links::Limits& limits,
               std::uint64_t transfer, std::shared_ptr<store::WriteStore> store,
               proto::ChunkSet synced, Lacked lacked, Done failed)
    : loop_(loop)
    , state_(state)
    , limits_(limits)
    , transfer_(transfer)
    , store_(std::move(store))
    , synced_(std::move(synced))
    , lacked_(std::move(lacked))
    , failed_(std::move(failed))
    , age_(loop, io::bind<&Syncer::begin>(this)) {}

void Syncer::written(proto::ChunkIndex chunk, std::uint32_t bytes) {
  unsynced_.push_back(chunk);
  cached_.push_back(chunk);
  unsynced_bytes_ += bytes;
  if (unsynced_bytes_ >= most_unsynced)
    begin();
  else if (!age_.active())
    age_.once(oldest);
}

void Syncer::record(const disk::PartMark& mark) {
  mark_ = mark;
  set_chunks(synced_.bits(), mark_, {});
}

void Syncer::flush(Done done) {
  flushed_ = std::move(done);
  if (std::exchange(withdrawn_, false)) set_chunks(synced_.bits(), mark_, {});
  begin();
}

void Syncer::withdraw(Done done) {
  age_.stop();
  withdrawn_ = true;
  if (!job_.running()) return clear(std::move(done));
  flushed_ = [this, done = std::move(done)](const disk::Outcome& synced) {
    if (!synced) return done(synced);
    clear(done);
  };
}

void Syncer::clear(Done done) {
  if (synced_.empty()) return done({}); // the database knows of none
  set_chunks({}, {}, [done = std::move(done)](const disk::Outcome&) { done({}); });
}

// Durable: in a log that is synced now and then, a power cut would take minutes of it back.
void Syncer::set_chunks(proto::Bytes bits, const disk::PartMark& mark, Done done) {
  state_.change(
      state::StateDb::Durable::yes,
      [id = transfer_, bits = std::move(bits), mark](state::StateStore& store) {
        store.set_chunks(id, bits, mark);
      },
      std::move(done));
}

void Syncer::begin() {
  if (job_.running() || withdrawn_) return;
  age_.stop();
  if (unsynced_.empty()) {
    if (const Done done = std::exchange(flushed_, nullptr)) done({});
    return;
  }
  unsynced_bytes_ = 0;
  job_ = io::run(
      loop_,
      [store = store_, not_needed = take_not_needed()] {
        const disk::Result<disk::PartMark> synced = store->sync();
        if (synced) store->let_go(not_needed);
        return synced;
      },
      [this, batch = std::exchange(unsynced_, {})](const disk::Result<disk::PartMark>& synced) {
        on_synced(batch, synced);
      });
}

void Syncer::on_synced(const std::vector<proto::ChunkIndex>& batch,
                       const disk::Result<disk::PartMark>& synced) {
  if (!synced) {
    if (const Done done = std::exchange(flushed_, nullptr)) return done(synced.fault());
    return failed_(synced.fault());
  }
  mark_ = *synced;
  for (const proto::ChunkIndex chunk : batch) synced_.add(chunk);
  if (withdrawn_) return std::exchange(flushed_, nullptr)({});
  set_chunks(synced_.bits(), mark_, {});
  if (flushed_ || unsynced_bytes_ >= most_unsynced)
    begin();
  else if (!unsynced_.empty())
    age_.once(oldest);
}

// A chunk that some peer lacks is left to the kernel, which lets go of it in its own time.
std::vector<proto::ChunkIndex> Syncer::take_not_needed() {
  std::vector<proto::ChunkIndex> chunks;
  const std::uint64_t most = limits_.page_cache / store_->layout().manifest().chunk_size;
  for (; cached_.size() > most; cached_.pop_front())
    if (!lacked_(cached_.front())) chunks.push_back(cached_.front());
  return chunks;
}

} // namespace p2pd::download
