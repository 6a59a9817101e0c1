// Ownership of libuv handles. A handle is freed by libuv's close callback, some turns of the loop
// after its owner let go of it; from that moment `handle->data` is null and late callbacks see
// "owner gone".
#pragma once

#include <memory>
#include <uv.h>

namespace p2pd::io {

template <class Handle>
struct Closer {
  void operator()(Handle* handle) const noexcept {
    handle->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) noexcept { delete reinterpret_cast<Handle*>(closed); });
  }
};

template <class Handle>
using Owned = std::unique_ptr<Handle, Closer<Handle>>;

} // namespace p2pd::io
