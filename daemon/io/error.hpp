// libuv's status codes as std::error_code, for asynchronous results. 0 is success.
#pragma once

#include <system_error>

namespace p2pd::io {

std::error_code error(int status);
bool is_end_of_stream(std::error_code code);

// For constructors, where failure is exceptional: throws std::system_error with `what`.
void require(int status, const char* what);

} // namespace p2pd::io
