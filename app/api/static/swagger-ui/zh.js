// Which Chinese words stand for the fixed English words of Swagger UI?
"use strict";

(() => {
  const WORDS = {
    "Authorize": "登录授权",
    "Available authorizations": "可用的授权方式",
    "Authorized": "已授权",
    "Logout": "退出登录",
    "Close": "关闭",
    "Username:": "用户名：",
    "Password:": "密码：",
    "username:": "用户名：",
    "password:": "密码：",
    "Value:": "值：",
    "Token URL:": "令牌地址：",
    "Flow:": "授权流程：",
    "Client credentials location:": "客户端凭据的位置（不用填写）：",
    "client_id:": "客户端编号（不用填写）：",
    "client_secret:": "客户端密钥（不用填写）：",
    "Scopes are used to grant an application different levels of access to data on behalf of the end user. Each API may declare one or more scopes.":
      "请用本系统的账号登录，登录后可在本页试用各项接口。",
    "API requires the following scopes. Select which ones you want to grant to Swagger UI.": "",
    "auth": "授权",
    "error": "错误",
    "Try it out": "试用",
    "Execute": "执行",
    "Cancel": "取消",
    "Clear": "清除",
    "Reset": "重置",
    "Parameters": "参数",
    "No parameters": "没有参数",
    "Name": "名称",
    "Description": "说明",
    "Type": "类型",
    "Required": "必填",
    "Send empty value": "发送空值",
    "Request body": "请求体",
    "Example Value": "示例值",
    "Edit Value": "编辑内容",
    "Examples:": "示例：",
    "Model": "数据结构",
    "Schema": "数据结构",
    "Schemas": "数据结构",
    "Expand all": "全部展开",
    "Collapse all": "全部收起",
    "Responses": "响应",
    "Server response": "服务器响应",
    "Code": "状态码",
    "Details": "详情",
    "Undocumented": "契约未列出",
    "Links": "链接",
    "No links": "没有链接",
    "Media type": "媒体类型",
    "Controls": "对应请求头",
    "header.": "。",
    "Curl": "命令行（curl）",
    "Request URL": "请求地址",
    "Response body": "响应体",
    "Response headers": "响应头",
    "Headers:": "响应头：",
    "Request duration": "请求用时",
    "Download": "下载",
    "Download file": "下载文件",
    "Unrecognized response type; displaying content as text.": "无法识别响应类型，按文本显示。",
    "Warning: Deprecated": "注意：已停用",
    "Loading...": "正在加载……",
    "No operations defined in spec!": "没有符合条件的接口。",
    "No API definition provided.": "没有接口契约。",
    "Failed to load API definition.": "接口契约加载失败。",
    "Errors": "错误",
    "Auth error": "登录未成功",
    "Hide": "收起",
    "Show": "展开",
    "Filter by tag or path": "按分类或路径筛选",
    "Expand operation": "展开接口",
    "Collapse operation": "收起接口",
    "Copy path to clipboard": "复制路径",
    "Copy cURL command to clipboard": "复制命令",
    "Copy code to clipboard": "复制内容",
  };

  // What the framework and the protocol say of an answer, beside what the contract says of it.
  const WORDS_OF_ANSWERS = {
    "Successful Response": "成功",
    "Error: Bad Request": "被拒绝：请求不正确",
    "Error: Unauthorized": "被拒绝：未登录或登录已失效",
    "Error: Forbidden": "被拒绝：无权办理",
    "Error: Not Found": "被拒绝：没有找到",
    "Error: Conflict": "被拒绝：与当前情况不符",
    "Error: Request Entity Too Large": "被拒绝：内容过大",
    "Error: Unsupported Media Type": "被拒绝：不接受此类文件",
    "Error: Unprocessable Entity": "被拒绝：内容不符合要求",
    "Error: Too Many Requests": "被拒绝：请稍后再试",
    "Error: Internal Server Error": "系统内部错误",
    "Error: Service Unavailable": "系统繁忙，请稍后再试",
  };
  const ANSWERS = ".responses-wrapper .renderedMarkdown";

  // Why a sign-in failed: Swagger UI shows the status only, not what the service said.
  const WORDS_OF_SIGN_IN = {
    "Error: Bad Request": "用户名或密码不正确",
    "Error: Too Many Requests": "连续输错，账户已暂时锁定，请稍后再试",
    "Error: Service Unavailable": "系统繁忙，请稍后再试",
  };
  const SIGN_IN = ".auth-container .errors, .error-wrapper";

  // What the contract, the server or the caller wrote is never touched.
  const WRITTEN_BY_OTHERS = [
    "pre:not(.errors-wrapper), code, textarea, option, .renderedMarkdown, .markdown",
    ".info .title, .opblock-tag > :not(button)",
    "[class^=opblock-summary-path], .opblock-summary-description",
    "td .parameter__name, .parameter__type, .parameters input, .body-param",
    ".json-schema-2020-12__title, .json-schema-2020-12-json-viewer__value",
    ".json-schema-2020-12-keyword__value",
  ].join();

  // An own property only: a text such as "constructor" must find nothing.
  const own = (words, english) => (Object.hasOwn(words, english) ? words[english] : undefined);

  function chineseFor(english, element) {
    if (Object.hasOwn(WORDS, english) && !element?.closest(WRITTEN_BY_OTHERS)) return WORDS[english];
    if (element?.closest(ANSWERS)) return own(WORDS_OF_ANSWERS, english);
    if (element?.closest(SIGN_IN)) return own(WORDS_OF_SIGN_IN, english);
    return undefined;
  }

  function translateText(text) {
    const chinese = chineseFor(text.data.trim(), text.parentElement);
    if (chinese !== undefined) text.data = chinese;
  }

  function translateHints(element) {
    for (const hint of ["title", "placeholder"]) {
      const chinese = chineseFor(element.getAttribute(hint), element);
      if (chinese !== undefined) element.setAttribute(hint, chinese);
    }
  }

  function translateOne(node) {
    if (node.nodeType === Node.TEXT_NODE) translateText(node);
    else if (node.nodeType === Node.ELEMENT_NODE) translateHints(node);
  }

  function translateWithin(node) {
    translateOne(node);
    const below = document.createTreeWalker(node, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (below.nextNode()) translateOne(below.currentNode);
  }

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(translateWithin);
      else translateOne(change.target);
    }
  }).observe(document.getElementById("swagger-ui"), {
    attributeFilter: ["title", "placeholder"],
    characterData: true,
    childList: true,
    subtree: true,
  });
})();
