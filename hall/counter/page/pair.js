// Says why a code was not taken.

const WORDS = { ma: "Mã không đúng. Mời kiểm tra lại.", nhieu: "Sai nhiều lần. Mời đợi một phút rồi thử lại." };
const why = WORDS[new URLSearchParams(location.search).get("sai")];
if (why) {
  const node = document.getElementById("wrong");
  node.textContent = why;
  node.hidden = false;
}
