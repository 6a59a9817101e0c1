#include "daemon/io/signal.hpp"

#include "daemon/io/error.hpp"

namespace p2pd::io {

Signal::Signal(Loop& loop, int number, Bound<void()> call) : handle_(new uv_signal_t), call_(call) {
  require(uv_signal_init(loop.handle(), handle_.get()), "signal");
  handle_->data = &call_;
  const auto caught = [](uv_signal_t* handle, int) noexcept {
    if (const auto* method = static_cast<Bound<void()>*>(handle->data)) (*method)();
  };
  require(uv_signal_start(handle_.get(), caught, number), "signal");
  uv_unref(reinterpret_cast<uv_handle_t*>(handle_.get()));
}

} // namespace p2pd::io
