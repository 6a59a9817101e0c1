// The threads that jobs run on. Not libuv's own: that ends the process where it cannot start them
// all, and starts them at the first job only.
//
// Thread: loop, but for what says otherwise. Owned by the Loop.
#pragma once

#include "daemon/io/handle.hpp"

#include <condition_variable>
#include <mutex>
#include <pthread.h>
#include <system_error>
#include <vector>

namespace p2pd::io {

// As many as UV_THREADPOOL_SIZE says; by default two more than there are cores, which keeps the
// cores busy while some wait for the disk.
std::size_t usual_threads();

// What a job is to the pool: `run` is called on a thread of the pool, then `end` on the loop.
class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  virtual ~Task() = default;

 private:
  friend class Pool;
  friend class Tasks;
  virtual void run() noexcept = 0;
  virtual void end(bool ran) = 0; // it may delete itself

  Task* next_ = nullptr;
  Task* previous_ = nullptr;
  bool queued_ = false; // as the next under the pool's mutex
  bool ran_ = false;
};

// A queue that allocates nothing.
class Tasks final {
 public:
  bool empty() const { return first_ == nullptr; }
  void push(Task& task);
  Task& pop();
  void remove(Task& task);

 private:
  Task* first_ = nullptr;
  Task* last_ = nullptr;
};

class Pool final {
 public:
  explicit Pool(uv_loop_t& loop);
  ~Pool(); // nothing is queued any more
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Once, before the first job; else that starts some. Why there are fewer threads than wanted,
  // none perhaps, where the system allows no more: ENOMEM, or EAGAIN for the limits on tasks.
  std::error_code start(std::size_t wanted);
  std::size_t threads() const { return threads_.size(); }

  void add(Task& task);
  // One that has not begun will not; it ends all the same.
  void cancel(Task& task);

 private:
  void work(); // a thread
  void finish();
  void stop();

  Owned<uv_async_t> finished_; // keeps the loop alive while there are jobs
  std::vector<pthread_t> threads_;
  std::size_t unfinished_ = 0;
  std::mutex mutex_; // of all that follow
  std::condition_variable more_;
  Tasks queued_;
  Tasks done_;
  bool stopping_ = false;
};

} // namespace p2pd::io
