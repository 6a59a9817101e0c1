// Work for the thread pool: everything that reads, writes or hashes. A job owns what it works on
// (values, shared descriptors, buffers) and holds no pointer to an object of the loop thread.
//
//   token_ = io::run(loop, [fd, buffer] { return read(...); }, [this](Result result) { ... });
//
// `work` runs on a pool thread and must not throw. `done` runs on the loop thread with its result,
// unless the token has been dropped: then the result is discarded, on the loop thread. A running
// job is never freed.
#pragma once

#include "daemon/io/loop.hpp"
#include "daemon/io/recycled.hpp"

#include <optional>
#include <utility>

namespace p2pd::io {

// A job in flight. Move-only; dropping it discards the result, and the work if it has not started.
class Job final {
 public:
  class Request : public Recycled {
   public:
    Request() = default;
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;
    virtual ~Request() = default;

   protected:
    friend class Job;
    virtual void work() noexcept = 0; // pool thread
    virtual void done() = 0;          // loop

   private:
    uv_work_t work_{};
    Loop* loop_ = nullptr;
    std::uint64_t queued_ = 0; // ns of the monotonic clock, as the next
    std::uint64_t begun_ = 0;
    Job* token_ = nullptr; // null: the result is no longer wanted
  };

  Job() = default;
  Job(Loop& loop, std::unique_ptr<Request> request);
  Job(Job&& other) noexcept { take(other); }
  Job& operator=(Job&& other) noexcept;
  ~Job() { drop(); }

  bool running() const { return request_ != nullptr; }
  void drop();

 private:
  void take(Job& other);
  Request* request_ = nullptr;
};

template <class Work, class Done>
[[nodiscard]] Job run(Loop& loop, Work work, Done done) {
  using Result = std::invoke_result_t<Work&>;
  struct Typed final : Job::Request {
    Typed(Work w, Done d) : work_(std::move(w)), done_(std::move(d)) {}
    void work() noexcept override { result_.emplace(work_()); }
    void done() override { done_(std::move(*result_)); }
    Work work_;
    Done done_;
    std::optional<Result> result_;
  };
  return Job(loop, std::make_unique<Typed>(std::move(work), std::move(done)));
}

} // namespace p2pd::io
