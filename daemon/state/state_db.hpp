// The state database as the loop sees it: changes and questions go into one queue, and one job at a
// time takes all that wait in one transaction. So there is one writer, many changes cost one sync,
// and everything happens in the order in which it was asked for.
//
// The journal is a write-ahead log. A commit is atomic, and commits keep their order whatever
// happens; kill -9 loses none of them. A power cut may lose the last, but for the durable ones:
// those are on the disk when their callback comes, with all that came before. (Why not sync every
// commit: who was seen when is worth no disk access. Why not rely on the order alone: without a
// sync the log may hang minutes behind, and a fetch would begin that much earlier.) What must be
// durable, and when:
//
//   a transfer      its row before its part is made: one that nobody knows would bar its name
//   its chunks      written, then synced, then set_chunks() with the mark of that sync
//                   (part_mark.hpp): a bit that is set is on the disk, in the part of that mark
//   a bad chunk     its bit cleared before the chunk is written again: half of a write is no chunk
//   its end         the bits cleared, then renamed and synced, then row and library together in
//                   one change. In between, no bit speaks of a part that is gone: what is there,
//                   the part or the destination, is hashed after a crash, and nothing of it is
//                   fetched again
//   what makes way  before that rename, what p2pd wrote of what is in the place: all else there is
//                   somebody's own, and kept
//   a cancelled one its part discarded, then the row removed, or, of a tree, made due for removal.
//                   In between, resume() finds nothing and the fetch begins anew
//   what people do  (publish, forget, ban, join) before they are told that it is done
//
// Thread: loop; the functions that are passed in run on the pool and own what they use. Lifetime:
// as long as the loop runs; a callback must not destroy it. Errors: as Fault, the codes of
// sqlite.hpp; a change that fails leaves nothing behind, and those beside it stand.
#pragma once

#include "daemon/io/job.hpp"
#include "daemon/state/state_store.hpp"

#include <functional>

namespace p2pd::state {

class StateDb final {
 public:
  StateDb(io::Loop& loop, std::string path);
  StateDb(const StateDb&) = delete;
  StateDb& operator=(const StateDb&) = delete;

  struct Opened {
    State state;
    std::string warning; // when the file was damaged: what became of it
  };
  // First of all and once, before the loop runs: blocking. Makes the file, migrates it, or moves it
  // aside when it is damaged and begins with an empty one; everything else, and a file of a newer
  // version, is an error.
  disk::Result<Opened> open() { return open_file(path_, *store_); }

  enum class Durable : bool { no, yes };
  using Change = std::function<void(StateStore&)>; // its SqlErrors are caught
  using Done = std::function<void(const disk::Outcome&)>;
  // The first failure is logged, and then that it works again.
  void change(Durable durable, Change change, Done done = {});

  // `query` gives T out of a StateStore&, `answered` takes a Result<T>.
  template <class Query, class Answered>
  void ask(Query query, Answered answered) {
    using T = std::invoke_result_t<Query&, StateStore&>;
    auto answer = std::make_shared<std::optional<T>>();
    change(
        Durable::no, [answer, query](StateStore& store) { answer->emplace(query(store)); },
        [answer, answered](const disk::Outcome& outcome) {
          answered(outcome ? disk::Result<T>(std::move(**answer))
                           : disk::Result<T>(outcome.fault()));
        });
  }

  bool idle() const { return queue_.empty() && !job_.running(); }
  // When all that was asked for is done, the file is closed.
  void close(std::function<void()> done);

 private:
  struct Operation {
    Durable durable;
    Change change;
    Done done;
    disk::Outcome outcome;
  };
  using Batch = std::vector<Operation>;
  using Store = std::unique_ptr<StateStore>; // null: not open

  void on_run(const Batch& batch);
  static disk::Result<Opened> open_file(const std::string& path, Store& store);
  static void run(StateStore* store, Batch& batch);
  void pump();

  io::Loop& loop_;
  const std::string path_;
  const std::shared_ptr<Store> store_ = std::make_shared<Store>(); // touched by jobs alone
  Batch queue_;
  bool fails_ = false; // to write the last batch
  std::function<void()> closed_;
  io::Job job_;
  io::Deferred pump_;
};

} // namespace p2pd::state
