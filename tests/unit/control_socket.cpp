// Who is let in at the control socket. That the kernel names the right callers is for the system
// tests, which run p2pctl as other users.
#include "daemon/control/control_socket.hpp"

#include <fstream>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace p2pd::control {
namespace {

namespace fs = std::filesystem;
using io::Credentials;
using proto::Access;

constexpr std::uint32_t stranger = 4'000'001; // a user and a group that nobody has

class ControlSocketTest : public testing::Test {
 protected:
  ControlSocketTest() {
    std::string name = (fs::temp_directory_path() / "p2pd-control-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    config.control_socket = folder / "p2pd.sock";
  }
  ~ControlSocketTest() override {
    loop.run(); // closes the listeners that are left
    fs::remove_all(folder);
  }

  ControlSocket open() {
    return {loop, config, inherited, io::bind<&ControlSocketTest::on_stream>(this)};
  }
  void on_stream(std::unique_ptr<io::Stream>) {}
  mode_t mode() const {
    struct stat status {};
    return ::stat(config.control_socket.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }
  std::string refusal_to_open() {
    try {
      open();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }

  io::Loop loop;
  base::Config config;
  std::optional<int> inherited;
  fs::path folder;
  const std::uint32_t readers = ::getgrnam("bin")->gr_gid;
};

TEST_F(ControlSocketTest, TakesOverASocketThatIsThereWithItsModeAndGroup) {
  inherited = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  config.control_socket.native().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(*inherited, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(*inherited, 8), 0);
  ::chmod(config.control_socket.c_str(), 0600);
  {
    const ControlSocket socket = open();
    EXPECT_EQ(socket.access_of({stranger, ::getegid(), 1, {}}), Access::control);
  }
  loop.run();
  EXPECT_EQ(mode(), 0600) << "as its maker has it, and still there";
}

TEST_F(ControlSocketTest, RefusesToTakeOverASocketElsewhere) {
  inherited = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_NE(refusal_to_open().find("systemd listens at  instead"), std::string::npos);
  ::close(*inherited);
}

TEST_F(ControlSocketTest, TheOwnUserRootAndTheGroupControl) {
  const ControlSocket socket = open();
  EXPECT_EQ(mode(), 0660);
  EXPECT_EQ(socket.access_of({::geteuid(), stranger, 1, {}}), Access::control);
  EXPECT_EQ(socket.access_of({0, stranger, 1, {}}), Access::control);
  EXPECT_EQ(socket.access_of({stranger, ::getegid(), 1, {}}), Access::control);
  EXPECT_EQ(socket.access_of({stranger, stranger, 1, {stranger, ::getegid()}}), Access::control);
}

TEST_F(ControlSocketTest, OthersGetNothing) {
  const ControlSocket socket = open();
  EXPECT_EQ(socket.access_of({stranger, stranger, 1, {readers}}), Access::none);
  EXPECT_EQ(socket.access_of({}), Access::none) << "of whom the kernel says nothing";
  EXPECT_EQ(socket.access_of({stranger, stranger, 1, {Credentials::nobody}}), Access::none);
  const proto::ControlError refusal = socket.refusal({stranger, stranger, 1, {}});
  EXPECT_EQ(refusal.message, "this daemon takes no commands from user 4000001");
  EXPECT_NE(refusal.remedy.find("use sudo"), std::string::npos);
}

TEST_F(ControlSocketTest, ReadersOnlyRead) {
  config.control_readers = "bin";
  const ControlSocket socket = open();
  EXPECT_EQ(mode(), 0666);
  EXPECT_EQ(socket.access_of({stranger, readers, 1, {}}), Access::read);
  EXPECT_EQ(socket.access_of({stranger, stranger, 1, {readers}}), Access::read);
  EXPECT_EQ(socket.access_of({stranger, readers, 1, {::getegid()}}), Access::control);
  EXPECT_EQ(socket.access_of({stranger, stranger, 1, {stranger}}), Access::none);
  EXPECT_NE(socket.refusal({stranger, stranger, 1, {}}).remedy.find("the group bin just to look"),
            std::string::npos);
}

TEST_F(ControlSocketTest, AGroupThatIsNamedMustBeThere) {
  config.control_group = "no-such-group";
  EXPECT_EQ(refusal_to_open(), "") << "it was the default";
  config.given.insert("control.group");
  EXPECT_NE(refusal_to_open().find("there is no group \"no-such-group\""), std::string::npos);
  config.control_group.clear();
  config.control_readers = "no-such-group";
  EXPECT_NE(refusal_to_open().find("there is no group \"no-such-group\""), std::string::npos);
}

TEST_F(ControlSocketTest, WhatIsNoSocketStays) {
  std::ofstream(config.control_socket) << "x";
  EXPECT_NE(refusal_to_open().find("something else is in its place"), std::string::npos);
  EXPECT_TRUE(fs::is_regular_file(config.control_socket));
}

} // namespace
} // namespace p2pd::control
