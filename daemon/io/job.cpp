#include "daemon/io/job.hpp"

namespace p2pd::io {

void Job::Request::run() noexcept {
  begun_ = uv_hrtime();
  work();
}

void Job::Request::end(bool ran) {
  const std::unique_ptr<Request> finished(this);
  JobFigures& figures = loop_->jobs();
  --figures.unfinished;
  if (ran) figures.wait.add(std::chrono::nanoseconds(begun_ - queued_));
  if (token_ == nullptr) return;
  token_->request_ = nullptr;
  if (ran) done();
}

Job::Job(Loop& loop, std::unique_ptr<Request> request) {
  request->token_ = this;
  request->loop_ = &loop;
  request->queued_ = uv_hrtime();
  loop.pool().add(*request);
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
  request_->loop_->pool().cancel(*request_); // where it runs already, let it
  request_ = nullptr;
}

} // namespace p2pd::io
