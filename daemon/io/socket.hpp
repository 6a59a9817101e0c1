// Sockets that listen, as plain descriptors: for those who have a way of their own to accept. Any
// thread.
#pragma once

#include "daemon/io/endpoint.hpp"

namespace p2pd::io {

// Bound and listening, not blocking; the caller's to close. [::] is v6 only, so that it and 0.0.0.0
// can listen on one port side by side. Throws std::system_error.
int listening_socket(const Endpoint& at);

Endpoint local_endpoint(int socket);

} // namespace p2pd::io
