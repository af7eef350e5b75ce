// Says why this browser has to be paired, and why a code was not taken.

const WRONG = {
  ma: "Mã không đúng, đã dùng rồi hoặc đã quá 10 phút. Mời kiểm tra lại, hoặc xin mã mới.",
  nhieu: "Sai nhiều lần. Mời đợi một phút rồi thử lại.",
  luu: "Máy chủ không ghi được vào thẻ nhớ. Mời báo kỹ thuật viên.",
};
const WHY = {
  cu: "Máy này từng được ghép bằng mã cũ; mã cũ không còn dùng được. Mời ghép lại bằng mã mới.",
  "thu-hoi": "Quyền của máy này đã bị thu hồi từ trang của trưởng bộ phận hoặc kỹ thuật viên.",
  mat: "Máy này không còn được nhận ra: ghép máy đã mất hoặc đã bị thu hồi. Mời ghép lại.",
  lau: "Máy này hơn nửa năm không dùng nên phải ghép lại.",
};
const asked = new URLSearchParams(location.search);
for (const [id, words] of [["wrong", WRONG[asked.get("sai")]], ["why", WHY[asked.get("vi")]]]) {
  if (!words) continue;
  const node = document.getElementById(id);
  node.textContent = words;
  node.hidden = false;
}
window.motcuaStarted = true;
