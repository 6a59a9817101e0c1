#include "daemon/io/poll.hpp"

#include "daemon/io/error.hpp"

namespace p2pd::io {

Poll::Poll(Loop& loop, int descriptor, Bound<void()> readable)
    : handle_(new uv_poll_t), readable_(readable) {
  require(uv_poll_init(loop.handle(), handle_.get(), descriptor), "poll");
  handle_->data = &readable_;
  uv_poll_start(handle_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) noexcept {
    if (const auto* call = static_cast<Bound<void()>*>(handle->data)) (*call)();
  });
}

} // namespace p2pd::io
