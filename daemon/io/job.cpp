#include "daemon/io/job.hpp"

#include "daemon/io/error.hpp"

namespace p2pd::io {

Job::Job(Loop& loop, std::unique_ptr<Request> request) {
  request->token_ = this;
  request->work_.data = request.get();
  request->loop_ = &loop;
  request->queued_ = uv_hrtime();
  const int status = uv_queue_work(
      loop.handle(), &request->work_,
      [](uv_work_t* work) noexcept {
        auto* const begun = static_cast<Request*>(work->data);
        begun->begun_ = uv_hrtime();
        begun->work();
      },
      [](uv_work_t* work, int result) noexcept {
        const std::unique_ptr<Request> finished(static_cast<Request*>(work->data));
        JobFigures& figures = finished->loop_->jobs();
        --figures.unfinished;
        if (result == 0)
          figures.wait.add(std::chrono::nanoseconds(finished->begun_ - finished->queued_));
        if (finished->token_ == nullptr) return;
        finished->token_->request_ = nullptr;
        if (result == 0) finished->done();
      });
  require(status, "thread pool");
  ++loop.jobs().unfinished;
  request_ = request.release();
}

Job& Job::operator=(Job&& other) noexcept {
  if (this != &other) {
    drop();
    take(other);
  }
  return *this;
}

void Job::take(Job& other) {
  request_ = std::exchange(other.request_, nullptr);
  if (request_ != nullptr) request_->token_ = this;
}

void Job::drop() {
  if (request_ == nullptr) return;
  request_->token_ = nullptr;
  uv_cancel(reinterpret_cast<uv_req_t*>(&request_->work_)); // fails where it runs already: let it
  request_ = nullptr;
}

} // namespace p2pd::io
