#include "daemon/disk/meaning.hpp"

#include <cerrno>

namespace p2pd::disk {

Meaning meaning_of(int error_number) {
  switch (error_number) {
  case ENOENT:
  case ENOTDIR:
    return Meaning::gone;
  case EMFILE:
  case ENFILE:
  case ENOMEM:
  case ENOBUFS:
  case EAGAIN:
  case EINTR:
    return Meaning::exhausted;
  case ENOSPC:
  case EDQUOT:
    return Meaning::no_room;
  case EACCES:
  case EPERM:
  case EROFS:
  case EBUSY:
  case EIO:
  case ENXIO:
  case ENODEV:
  case ESTALE: // like the following, from file systems behind a network or a process (NFS, CIFS,
               // FUSE)
  case ETIMEDOUT:
  case ENOTCONN:
  case ECONNREFUSED:
  case ECONNRESET:
  case ECONNABORTED:
  case ESHUTDOWN:
  case EHOSTDOWN:
  case EHOSTUNREACH:
  case ENETDOWN:
  case ENETUNREACH:
  case EREMOTEIO:
    return Meaning::barred;
  default:
    return Meaning::lasting;
  }
}

} // namespace p2pd::disk
