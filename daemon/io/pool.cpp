#include "daemon/io/pool.hpp"

#include "daemon/io/error.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <sys/mman.h>
#include <thread>
#include <utility>

namespace p2pd::io {

namespace {

constexpr unsigned long most_threads = 1024;
// The default is RLIMIT_STACK, 8 MiB of address space for each thread. Sanitizers need more.
constexpr std::size_t stack = 2 << 20;

// pthread_create(3) has one code for both.
bool has_room_for_a_stack() {
  void* const probe =
      ::mmap(nullptr, stack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) return false;
  ::munmap(probe, stack);
  return true;
}

} // namespace

std::size_t usual_threads() {
  const char* const set = std::getenv("UV_THREADPOOL_SIZE");
  const unsigned long given = set == nullptr ? 0 : std::strtoul(set, nullptr, 10);
  if (given > 0) return std::min(given, most_threads);
  return std::clamp(std::thread::hardware_concurrency() + 2, 4U, 64U);
}

void Tasks::push(Task& task) {
  task.next_ = nullptr;
  task.previous_ = last_;
  (last_ == nullptr ? first_ : last_->next_) = &task;
  last_ = &task;
}

Task& Tasks::pop() {
  Task& task = *first_;
  remove(task);
  return task;
}

void Tasks::remove(Task& task) {
  (task.previous_ == nullptr ? first_ : task.previous_->next_) = task.next_;
  (task.next_ == nullptr ? last_ : task.next_->previous_) = task.previous_;
  task.next_ = task.previous_ = nullptr;
}

Pool::Pool(uv_loop_t& loop) : finished_(new uv_async_t) {
  require(uv_async_init(&loop, finished_.get(),
                        [](uv_async_t* handle) noexcept {
                          if (auto* const self = static_cast<Pool*>(handle->data)) self->finish();
                        }),
          "event loop");
  finished_->data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(finished_.get()));
}

Pool::~Pool() {
  assert(unfinished_ == 0);
  stop();
}

void Pool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  more_.notify_all();
  for (const pthread_t thread : threads_) ::pthread_join(thread, nullptr);
}

std::error_code Pool::start(std::size_t wanted) {
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, stack);
  int failed = 0;
  while (threads_.size() < wanted && failed == 0) {
    pthread_t thread{};
    failed = ::pthread_create(
        &thread, &attributes,
        [](void* self) -> void* {
          static_cast<Pool*>(self)->work();
          return nullptr;
        },
        this);
    if (failed == 0) threads_.push_back(thread);
  }
  ::pthread_attr_destroy(&attributes);
  if (failed == EAGAIN && !has_room_for_a_stack()) failed = ENOMEM;
  return {failed, std::system_category()};
}

void Pool::add(Task& task) {
  if (threads_.empty())
    if (const auto failed = start(usual_threads()); threads_.empty())
      throw std::system_error(failed, "thread pool");
  if (unfinished_++ == 0) uv_ref(reinterpret_cast<uv_handle_t*>(finished_.get()));
  {
    const std::scoped_lock lock(mutex_);
    task.queued_ = true;
    queued_.push(task);
  }
  more_.notify_one();
}

void Pool::cancel(Task& task) {
  {
    const std::scoped_lock lock(mutex_);
    if (!std::exchange(task.queued_, false)) return;
    queued_.remove(task);
    done_.push(task);
  }
  uv_async_send(finished_.get());
}

void Pool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    more_.wait(lock, [this] { return stopping_ || !queued_.empty(); });
    if (queued_.empty()) return;
    Task& task = queued_.pop();
    task.queued_ = false;
    lock.unlock();
    task.run();
    lock.lock();
    task.ran_ = true;
    done_.push(task);
    uv_async_send(finished_.get());
  }
}

void Pool::finish() {
  Tasks done;
  {
    const std::scoped_lock lock(mutex_);
    done = std::exchange(done_, {});
  }
  while (!done.empty()) {
    Task& task = done.pop();
    if (--unfinished_ == 0) uv_unref(reinterpret_cast<uv_handle_t*>(finished_.get()));
    task.end(task.ran_);
  }
}

} // namespace p2pd::io
