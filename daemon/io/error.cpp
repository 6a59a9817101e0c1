#include "daemon/io/error.hpp"

#include <uv.h>

namespace p2pd::io {

namespace {

class Category : public std::error_category {
 public:
  const char* name() const noexcept override { return "libuv"; }
  std::string message(int status) const override { return uv_strerror(status); }
};

const Category category;

} // namespace

// On Unix libuv's codes are negated errno values, but for a few of its own (end of stream, name
// look-up).
std::error_code error(int status) {
  if (status >= 0) return {};
  if (status > -1000) return {-status, std::system_category()};
  return {status, category};
}

bool is_end_of_stream(std::error_code code) {
  return code.value() == UV_EOF && code.category() == category;
}

void require(int status, const char* what) {
  if (status < 0) throw std::system_error(error(status), what);
}

} // namespace p2pd::io
