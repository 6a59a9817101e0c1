// The state database as the loop sees it: changes and queries go into one queue, and one job at a
// time runs all that wait in one transaction. So there is one writer, many changes cost one sync,
// and everything happens in the order in which it was requested.
//
// The journal is a write-ahead log. Commits are atomic and ordered; kill -9 loses none of them. A
// power cut may lose the latest, except durable ones: those are on the disk when their callback
// runs, with everything before them. (Why not sync every commit: when a peer was last seen is not
// worth a disk access. Why not rely on the order alone: without a sync the log may lag by minutes,
// and a fetch would resume that much earlier.) What must be durable, and when:
//
//   a transfer      its row before its part is made: an unknown part would block its name
//   its chunks      written, then synced, then set_chunks() with the mark of that sync
//                   (part_mark.hpp): a bit that is set is on the disk, in the part of that mark
//   a bad chunk     its bit cleared before the chunk is rewritten: a torn write is no chunk
//   its end         the bits cleared, then renamed and synced, then row and library together in
//                   one change. In between, no bit refers to a part that is gone: whatever exists,
//                   the part or the destination, is hashed after a crash, and none of it is fetched
//                   again
//   what it replaces  before that rename, which files at the destination p2pd wrote itself: all
//                   others there belong to somebody and are kept
//   a cancelled one its part discarded, then the row removed, or, of a tree, made due for removal.
//                   In between, resume() finds nothing and the fetch begins anew
//   user commands   (publish, forget, ban, join) before they are answered
//
// Thread: loop; the functions passed in run on the pool and own what they use. Lifetime: as long as
// the loop runs; a callback must not destroy it. Errors: as Fault, with the codes of sqlite.hpp; a
// change that fails is rolled back alone, and others of its transaction stand.
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
    std::string warning; // if the file was damaged: what was done with it
  };
  // Call first and once, before the loop runs: blocking. Creates or migrates the file; a damaged
  // one is moved aside and replaced by an empty one. Any other failure, and a file of a newer
  // version, is an error.
  disk::Result<Opened> open() { return open_file(path_, *store_); }

  enum class Durable : bool { no, yes };
  using Change = std::function<void(StateStore&)>; // its SqlErrors are caught
  using Done = std::function<void(const disk::Outcome&)>;
  // Logs the first failure and the recovery from it.
  void change(Durable durable, Change change, Done done = {});

  // `query` returns a T from a StateStore&, `answered` takes a Result<T>.
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
  // Closes the file once everything that was requested is done.
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
  const std::shared_ptr<Store> store_ = std::make_shared<Store>(); // used by jobs only
  Batch queue_;
  bool fails_ = false; // the last batch could not be written
  std::function<void()> closed_;
  io::Job job_;
  io::Deferred pump_;
};

} // namespace p2pd::state
