#include "daemon/state/state_db.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fmt/core.h>
#include <unistd.h>

namespace p2pd::state {

namespace {

disk::Fault fault_of(const std::exception& error) {
  const auto* const sql = dynamic_cast<const SqlError*>(&error);
  return sql != nullptr ? sql->fault : disk::fault(EINVAL, error.what());
}

// Renames the file and its log to the first free name, which it returns.
disk::Result<std::string> move_aside(const std::string& path) {
  std::string aside = path + ".damaged";
  for (int i = 2; ::access(aside.c_str(), F_OK) == 0; ++i)
    aside = fmt::format("{}.damaged-{}", path, i);
  if (::rename(path.c_str(), aside.c_str()) != 0)
    return disk::system_fault(errno, "move aside the damaged", path);
  // The log belongs to that file; the index of the log is useless without a process.
  ::rename((path + "-wal").c_str(), (aside + "-wal").c_str());
  ::unlink((path + "-shm").c_str());
  return aside;
}

} // namespace

StateDb::StateDb(io::Loop& loop, std::string path)
    : loop_(loop), path_(std::move(path)), pump_(loop, io::bind<&StateDb::pump>(this)) {}

disk::Result<StateDb::Opened> StateDb::open_file(const std::string& path, Store& store) {
  Opened opened;
  for (bool second = false;; second = true) {
    try {
      store = std::make_unique<StateStore>(path);
      opened.state = store->load();
      return opened;
    } catch (const SqlError& error) {
      store = nullptr;
      if (second || !error.fault.is(EBADMSG)) return error.fault;
      const disk::Result<std::string> aside = move_aside(path);
      if (!aside) return aside.fault();
      opened.warning = fmt::format("{}; it was moved to {}, and a new one without library and "
                                   "transfers was created: publish and fetch again",
                                   error.what(), disk::in_quotes(*aside));
    }
  }
}

void StateDb::change(Durable durable, Change change, Done done) {
  queue_.push_back({durable, std::move(change), std::move(done), {}});
  pump_.schedule();
}

void StateDb::close(std::function<void()> done) {
  closed_ = std::move(done);
  pump_.schedule();
}

void StateDb::pump() {
  if (job_.running()) return;
  if (!queue_.empty()) {
    auto batch = std::make_shared<Batch>(std::exchange(queue_, {}));
    job_ = io::run(
        loop_,
        [store = store_, batch = std::move(batch)] {
          run(store->get(), *batch);
          return batch;
        },
        [this](const std::shared_ptr<Batch>& finished) {
          on_run(*finished);
          pump_.schedule();
        });
  } else if (closed_) {
    job_ = io::run(
        loop_,
        [store = store_] {
          *store = nullptr;
          return true;
        },
        [done = std::exchange(closed_, nullptr)](bool) { done(); });
  }
}

void StateDb::on_run(const Batch& batch) {
  const auto failed = std::ranges::find_if(
      batch, [](const Operation& operation) { return !operation.outcome.ok(); });
  const bool fails = failed != batch.end();
  if (std::exchange(fails_, fails) != fails) {
    if (fails)
      base::log::error("state", "{}; until this is resolved, a crash loses what happens now",
                       failed->outcome.fault().message);
    else
      base::log::info("state", "the state database can be written again");
  }
  for (const Operation& operation : batch)
    if (operation.done) operation.done(operation.outcome);
}

// Pool thread.
void StateDb::run(StateStore* store, Batch& batch) {
  const auto fail_all = [&](const disk::Fault& fault) {
    for (Operation& operation : batch)
      if (operation.outcome) operation.outcome = fault;
  };
  if (store == nullptr) return fail_all(disk::fault(ENXIO, "the state database is not open"));
  try {
    store->begin(std::ranges::any_of(
        batch, [](const Operation& operation) { return operation.durable == Durable::yes; }));
    for (Operation& operation : batch) {
      store->begin_part();
      try {
        operation.change(*store);
        store->end_part();
      } catch (const std::exception& error) {
        operation.outcome = fault_of(error);
        store->roll_back_part();
      }
    }
    store->commit();
  } catch (const std::exception& error) {
    store->roll_back();
    fail_all(fault_of(error));
  }
}

} // namespace p2pd::state
