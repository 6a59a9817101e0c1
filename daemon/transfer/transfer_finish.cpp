// How a transfer that has every chunk becomes a finished file.
#include "daemon/transfer/transfer.hpp"

#include <cerrno>

namespace p2pd::transfer {

void Transfer::on_complete() {
  not_needed_ = syncer_->take_not_needed(); // as long as it is known who lacks what
  apply(Event::complete);
}

// Whoever looks finds each chunk that the database speaks of in the .part, so before that is
// renamed the database has to speak of none; and it has to know what p2pd wrote of what makes way.
void Transfer::withdraw() {
  syncer_->withdraw(
      alive_.guard([](Transfer& self, const disk::Outcome& synced) { self.on_withdrawn(synced); }));
}

void Transfer::on_withdrawn(const disk::Outcome& synced) {
  if (!synced) return on_sync_failed(synced.fault());
  if (row_.request.force && !cancelled()) return note_replacement();
  apply(Event::withdrawn);
}

void Transfer::note_replacement() {
  deps_.state.change(
      Durable::yes,
      [id = row_.request.id, path = row_.path](state::StateStore& store) {
        store.begin_finish(id, path);
      },
      alive_.guard([](Transfer& self, const disk::Outcome& noted) {
        if (!noted) return self.on_sync_failed(noted.fault());
        self.apply(Event::withdrawn);
      }));
}

void Transfer::place() {
  job_ = io::run(
      deps_.loop,
      [store = store_, force = row_.request.force, attributes = attributes(),
       not_needed = std::move(not_needed_)] {
        const disk::Outcome finished = store->finish(force, attributes);
        if (finished) store->let_go(not_needed);
        return finished;
      },
      [this](const disk::Outcome& finished) { on_placed(finished); });
}

void Transfer::on_placed(const disk::Outcome& placed) {
  if (placed) {
    apply(Event::placed);
    return complete(store_->layout(), store_->identities());
  }
  if (placed.fault().is(ESTALE) && !row_.request.repair) return on_sync_failed(placed.fault());
  on_fault(placed.fault());
}

// Its end and what the library has of it, in one.
void Transfer::complete(const store::Layout& layout, std::vector<disk::Identity> identities) {
  row_.state = TransferState::done;
  row_.ended = io::Clock::now();
  row_.failure = {};
  row_.hook = deps_.hooks.due(row_.state);
  // What it was copied from may be offered no longer.
  if (content_.store != nullptr && deps_.library.find(row_.request.content) == nullptr) offer();
  library::Item* const item = offered_item();
  const bool is_here = item != nullptr;
  if (is_here) item->fetching = false;
  if (is_here && !row_.already) item->attributes = attributes();
  std::vector<state::LibraryRecord> records;
  if (is_here) records = library::records_of(*item);
  // From now on its files are open only while they are used.
  auto whole = std::make_shared<const store::ReadStore>(
      disk::Fd(), store::reopen_in(deps_.destinations, row_.path), row_.path, layout, identities);
  const bool replaced = was_finishing_ || (store_ != nullptr && store_->replaced());
  deps_.state.change(
      Durable::yes,
      [request = row_.request, record = record_of(row_), records,
       identities = std::move(identities), manifest = content_.manifest_bytes,
       replaced](state::StateStore& store) {
        if (replaced) store.remove_replaced(record.id);
        store.drop_finish(record.id);
        store.put_transfer(record);
        store.remove_others(record.path, record.content);
        if (!request.repair) store.set_origin(record.path, request.publisher);
        for (const state::LibraryRecord& entry : records)
          store.put_library(entry, identities, *manifest);
      },
      alive_.guard([replaced, whole = std::move(whole)](Transfer& self, const disk::Outcome&) {
        self.settle(whole);
        if (!replaced) return self.end(TransferState::done);
        self.deps_.remover.set_aside(self.row_.request.id, self.alive_.guard([](Transfer& still) {
          still.end(TransferState::done);
        }));
      }));
  deps_.displaced(row_.path, row_.request.content);
}

// What is read now holds what was written open, until it has been read.
void Transfer::settle(std::shared_ptr<const store::ReadStore> whole) {
  library::Item* const item = deps_.library.find(row_.request.content);
  if (item == nullptr || item->path != row_.path || item->content == nullptr) return;
  item->content = std::make_shared<const library::OpenContent>(
      library::OpenContent{content_.manifest, content_.manifest_bytes, std::move(whole)});
}

} // namespace p2pd::transfer
