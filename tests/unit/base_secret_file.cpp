#include "daemon/base/secret_file.hpp"

#include "tests/unit/base_config_fixture.hpp"

#include <sys/stat.h>

namespace p2pd::base {
namespace {

namespace fs = std::filesystem;

const std::string digits = "00112233445566778899aabbccddeeff0123456789abcdef0123456789abCDEF";

class SecretFile : public ::testing::Test {
 protected:
  void write(std::string_view text, fs::perms mode = fs::perms(0600)) {
    write_text(file, text);
    fs::permissions(file, mode);
  }
  std::string refusal() {
    try {
      read_secret(file);
      return "";
    } catch (const SecretError& error) {
      cause = error.cause;
      const std::string text = error.what();
      EXPECT_TRUE(text.starts_with(file.string() + ' ')) << text;
      EXPECT_EQ(text.find("0011"), std::string::npos) << "the secret is in the message";
      return text.substr(std::min(text.size(), file.string().size() + 1));
    }
  }

  TestFolder folder;
  fs::path file = folder / "network.key";
  SecretError::Cause cause = SecretError::Cause::wrong;
};

TEST_F(SecretFile, IsOneLineOfDigits) {
  write(digits);
  const Secret secret = read_secret(file);
  EXPECT_EQ(secret[0], 0x00);
  EXPECT_EQ(secret[1], 0x11);
  EXPECT_EQ(secret[31], 0xef);
  write(digits + '\n', fs::perms(0400));
  EXPECT_EQ(read_secret(file), secret);
}

TEST_F(SecretFile, Missing) {
  EXPECT_EQ(refusal(), "is not there: make it with `p2pctl join` or `p2pctl secret new`");
  EXPECT_EQ(cause, SecretError::Cause::missing);
}

TEST_F(SecretFile, OpenToOthers) {
  for (const int mode : {0640, 0604, 0620, 0602, 0610, 0644, 0777}) {
    write(digits, fs::perms(mode));
    EXPECT_EQ(refusal(),
              fmt::format("has mode {:04o}, so that others may read or change it: chmod 600 "
                          "it, and change the secret if they may have read it",
                          mode));
    EXPECT_EQ(cause, SecretError::Cause::wrong);
  }
}

TEST_F(SecretFile, ACredentialOfSystemd) {
  write(digits, fs::perms(0440));
  if (::getuid() == 0 && ::getgid() == 0) {
    EXPECT_EQ(read_secret(file)[31], 0xef);
    ASSERT_EQ(::chown(file.c_str(), 0, 1), 0);
  }
  EXPECT_NE(refusal().find("has mode 0440"), std::string::npos) << "of a group that is not root's";
}

TEST_F(SecretFile, NotOneLineOfDigits) {
  for (const std::string& text :
       {std::string(), std::string("\n"), digits.substr(1), digits + '0', digits + "\n\n",
        digits + "\r\n", ' ' + digits, digits + '\n' + digits, 'x' + digits.substr(1),
        digits.substr(0, 63) + '\0', std::string(1000, '0')}) {
    write(text);
    EXPECT_EQ(refusal(),
              "is not one line of 64 hex digits: make a new one with `p2pctl secret new`, or "
              "copy the one of the other nodes");
  }
}

TEST_F(SecretFile, NoRegularFile) {
  fs::create_directory(file);
  EXPECT_EQ(refusal(), "is no regular file: a secret is one line of 64 hex digits");
  fs::remove(file);
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(refusal(), "is no regular file: a secret is one line of 64 hex digits");
}

TEST_F(SecretFile, IsWrittenWholeAndPrivate) {
  Secret secret;
  secret.fill(0xa5);
  write_text(file, "what was there before");
  fs::permissions(file, fs::perms(0666));
  write_secret(file, secret);
  EXPECT_EQ(read_secret(file), secret);
  EXPECT_EQ(fs::status(file).permissions(), fs::perms(0600));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1)
      << "the draft is still there";
}

TEST_F(SecretFile, CannotBeWritten) {
  file = folder / "missing/network.key";
  try {
    write_secret(file, {});
    FAIL() << "there is no such folder";
  } catch (const SecretError& error) {
    EXPECT_EQ(error.what(), file.string() +
                                " cannot be written (No such file or directory): its folder "
                                "must exist, have room, and belong to the daemon's user");
  }
  file = folder / "folder";
  fs::create_directories(file / "full");
  EXPECT_THROW(write_secret(file, {}), SecretError);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1)
      << "the draft is still there";
}

} // namespace
} // namespace p2pd::base
